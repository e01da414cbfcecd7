"""The core of Nutgraf: articles in, briefings out.  It knows no chat, no database and no clock."""
