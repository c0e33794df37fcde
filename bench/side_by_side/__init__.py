"""The same mail to the same people, by Hato and by what people would use instead, against the same stand-in for AWS."""
