"""Something that is to be done on a case, asked for by an audit or agreed in supervision, until its worker did it."""
