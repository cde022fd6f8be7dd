"""What kind of victim somebody is: bereaved of whom, a witness for whom, and the relatives of one death."""
