"""People who sign in: who they are, their passwords and sessions, second factors, and the council's own accounts."""
