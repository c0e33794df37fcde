"""An address as somebody typed it, and what Hato makes of it."""

import unicodedata


def what_was_changed(typed: str, email: str) -> list[str]:
    """What `canonical_address` did to the text, in words; nothing where it is as it was."""
    if typed == email:
        return []
    domain, plain = email.rpartition("@")[2], unicodedata.normalize("NFKC", typed)
    done = (
        ("<" in typed, "the name was dropped"),
        (typed != typed.strip(), "spaces around it were dropped"),
        (any("！" <= letter <= "～" for letter in typed), "full-width letters were made plain"),
        (plain.lower() != plain, "capitals were made small"),
        ("xn--" in domain and "xn--" not in typed.lower(), "the domain was put into punycode"),
    )
    return [words for is_done, words in done if is_done] or ["the address was put into its one form"]
