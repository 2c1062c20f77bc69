"""Mail, both ways: letters to the desk become acts, and what is owed to an address leaves by SMTP."""
