"""Attachments on a database and an EOS that answer oddly, lose bytes, or fail half-way."""
