"""The processes of a running installation: server, page process, worker and what they do by the clock."""
