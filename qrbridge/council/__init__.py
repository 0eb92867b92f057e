"""The council and its services: details, logo, pages, and which web addresses residents may be sent to."""
