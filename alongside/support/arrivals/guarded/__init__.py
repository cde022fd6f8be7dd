"""Guarded: what is of a restricted kind before there is a record to restrict, and who may open it until then."""
