"""Looks at records that are unlike the work: found in the read log every night, and judged by people."""
