// Small things that plain HTML and htmx cannot do. No inline scripts: the content security policy forbids them.
"use strict";
