"""Case-file checks: what rules of the office expect of every case, held against all of them at once."""
