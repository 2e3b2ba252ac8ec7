"""The forms to sign in and to change a password. They work without a script, and carry their style, as nothing else is open. Pure."""

from html import escape

from assistant.accounts import SHORTEST_PASSWORD

_STYLE = """
*{box-sizing:border-box}
body{margin:0;font:1.1875rem/1.4 system-ui,"Segoe UI",Arial,sans-serif;color:#0b0c0c;background:#fff}
header{background:#14292f;color:#fff;padding:.9rem 1.5rem;font-weight:700}
main{max-width:38rem;padding:2.5rem 1.5rem}
h1{font-size:2rem;line-height:1.15;margin:0 0 1.5rem}
label{display:block;font-weight:600;margin:0 0 .3rem}
.field{margin:0 0 1.5rem}
.hint{color:#484f52;margin:-.1rem 0 .4rem}
input{font:inherit;width:100%;max-width:24rem;padding:.45rem .6rem;border:2px solid #0b0c0c;border-radius:0;height:2.75rem}
button{font:inherit;font-weight:600;color:#fff;background:#14603f;border:0;padding:.6rem 1.1rem;box-shadow:0 2px 0 #082c1c;cursor:pointer}
button:hover{background:#0e4a30}
a{color:#1a5293}
:focus-visible{outline:3px solid #ffbf47;outline-offset:0;box-shadow:inset 0 0 0 2px #0b0c0c}
.problem{border:4px solid #a33a05;padding:1rem 1.2rem;margin:0 0 2rem}.problem h2{font-size:1.3rem;margin:0 0 .4rem}.problem p{margin:0}
.done{border-left:5px solid #14603f;padding:.3rem 0 .3rem 1rem;margin:0 0 1.5rem}
"""


def sign_in_form(problem: str = "", name: str = "") -> str:
    """The form to sign in, with what went wrong the last time."""
    fields = _field("name", "Name", f'value="{escape(name)}" autocomplete="username" autocapitalize="none" spellcheck="false"')
    fields += _field("password", "Password", 'type="password" autocomplete="current-password"')
    after = "<p>If you have forgotten your password, ask whoever looks after this service for a new one.</p>"
    return _page("Sign in", problem, _form("/sign-in", fields, "Sign in") + after)


def change_form(problem: str = "", done: bool = False) -> str:
    """The form to change one's password, or that it was changed."""
    back = '<p><a href="/">Back to the assistant</a></p>'
    if done:
        return _page("Password changed", "", f'<p class="done">You have been signed out everywhere else.</p>{back}')
    fields = _field("old", "Password now", 'type="password" autocomplete="current-password"')
    hint = f"At least {SHORTEST_PASSWORD} characters. Three random words do well."
    fields += _field("new", "New password", 'type="password" autocomplete="new-password"', hint)
    fields += _field("again", "New password, once more", 'type="password" autocomplete="new-password"')
    return _page("Change your password", problem, _form("/password", fields, "Change password") + back)


def _form(action: str, fields: str, button: str) -> str:
    return f'<form method="post" action="{action}">{fields}<button>{button}</button></form>'


def _field(name: str, label: str, attributes: str, hint: str = "") -> str:
    about = f'<p class="hint" id="{name}-hint">{hint}</p>' if hint else ""
    described = f' aria-describedby="{name}-hint"' if hint else ""
    return f'<div class="field"><label for="{name}">{label}</label>{about}<input id="{name}" name="{name}" {attributes} required{described}></div>'


def _page(title: str, problem: str, body: str) -> str:
    told = f'<div class="problem" role="alert"><h2>There is a problem</h2><p>{escape(problem)}</p></div>' if problem else ""
    head = f"{'Error: ' if problem else ''}{title}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>{head}</title><style>{_STYLE}</style></head>'
        f"<body><header>Inspection and guidance assistant</header><main>{told}<h1>{title}</h1>{body}</main></body></html>"
    )
