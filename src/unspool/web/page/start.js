// The page on a server. A page with models of its own begins with another engine in a `start.js` of its own, and needs no
// `server_engine.js`; all other files are the same.

import { showPage } from "./page.js";
import { ServerEngine } from "./server_engine.js";

showPage(document, new ServerEngine(document.baseURI));
