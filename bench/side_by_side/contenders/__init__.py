"""Who sends: each a module with `contender(letter)`, made in a process of its own before anything is measured."""
