"""What mails cost: calls that were counted, times what AWS charges for them."""
