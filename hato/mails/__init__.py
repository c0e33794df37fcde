"""Mails as files that people keep in git: from Markdown to what is stored, previews, checks and test mails."""
