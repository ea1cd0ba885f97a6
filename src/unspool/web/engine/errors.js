/** What a person can cause: what is wrong, and what to do about it. */
export class Mistake extends Error {
  constructor(what, remedy) {
    super(`${what} ${remedy}`);
    this.name = "Mistake";
    this.what = what;
    this.remedy = remedy;
  }
}
