"""What each address of the pages and of the JSON API answers, and to whom."""
