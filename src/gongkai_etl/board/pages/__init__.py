"""The pages, one module a subject; each has ``router``, or ``public`` for what needs no sign-in."""
