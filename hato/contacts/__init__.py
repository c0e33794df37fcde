"""The contacts, from this machine: whole lists into the table, the table as a list, and SES's suppression list."""
