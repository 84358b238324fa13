"""How a report arrives: web pages, inbox, upload, mail."""
