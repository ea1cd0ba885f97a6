// The page with models of its own: the export puts this file in the place of the page's `start.js`.

import { browserEngine } from "./engine/page_engine.js";
import { showPage } from "./page.js";

showPage(document, browserEngine(document));
