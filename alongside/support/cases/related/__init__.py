"""People around whoever is supported: children, household and professionals; the page on which all of them stand."""
