"""One person: everything that Hato knows of an address, and how it is erased."""
