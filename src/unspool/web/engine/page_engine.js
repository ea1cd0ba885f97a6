import { BrowserEngine } from "./browser_engine.js";
import { SingleFile } from "./single_file.js";
import { WebFiles } from "./web_files.js";

/** The engine of this page: its models are inside the document, or beside it. */
export function browserEngine(document) {
  return new BrowserEngine(SingleFile.isIn(document) ? new SingleFile(document) : new WebFiles(document.baseURI));
}
