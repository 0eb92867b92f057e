"""Designs: what is in printables/, our own words on sheets, papers and colours."""
