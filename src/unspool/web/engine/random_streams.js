// The random numbers of NumPy's default generator, so that a sample is the same here and in Python: PCG64 (O'Neill 2014,
// "PCG: a family of simple fast space-efficient statistically good algorithms for random number generation"), seeded as
// numpy.random.SeedSequence does.

const [INIT_A, MULT_A, INIT_B, MULT_B] = [0x43b0d7e5, 0x931e8875, 0x8b51f9dd, 0x58f38ded];
const [MIX_LEFT, MIX_RIGHT, POOL] = [0xca01f9dd, 0x4973f715, 4];
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;
const [MASK_64, MASK_128] = [(1n << 64n) - 1n, (1n << 128n) - 1n];

/** Numbers in [0, 1), seeded with a list of whole numbers of at most 63 bits, as `default_rng` takes it. */
export class RandomStream {
  constructor(seeds) {
    const words = generated(pooled(seeds.flatMap(wordsOf)), 8);
    const [first, second, third, fourth] = [0, 2, 4, 6].map((at) => BigInt(words[at]) | (BigInt(words[at + 1]) << 32n));
    this.increment = ((((third << 64n) | fourth) << 1n) | 1n) & MASK_128;
    this.state = 0n;
    this.advance();
    this.state = (this.state + ((first << 64n) | second)) & MASK_128;
    this.advance();
  }

  /** The next number, of 53 random bits. */
  next() {
    this.advance();
    const [high, low] = [this.state >> 64n, this.state & MASK_64];
    const [folded, turn] = [high ^ low, high >> 58n];
    const bits = ((folded >> turn) | (folded << ((64n - turn) & 63n))) & MASK_64;
    return Number(bits >> 11n) / 2 ** 53;
  }

  advance() {
    this.state = (this.state * MULTIPLIER + this.increment) & MASK_128;
  }
}

/** A whole number as words of 32 bits, the lowest first. */
function wordsOf(number) {
  const words = [];
  let rest = BigInt(number);
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest);
  return words;
}

/** The pool of a seed sequence. */
function pooled(entropy) {
  let constant = INIT_A;
  const hashed = (value) => {
    const mixed = value ^ constant;
    constant = Math.imul(constant, MULT_A);
    const product = Math.imul(mixed, constant);
    return (product ^ (product >>> 16)) >>> 0;
  };
  const mix = (one, other) => {
    const result = (Math.imul(MIX_LEFT, one) - Math.imul(MIX_RIGHT, other)) | 0;
    return (result ^ (result >>> 16)) >>> 0;
  };
  const pool = Array.from({ length: POOL }, (_, place) => hashed(entropy[place] ?? 0));
  for (let from = 0; from < POOL; from += 1) {
    for (let to = 0; to < POOL; to += 1) {
      if (from !== to) pool[to] = mix(pool[to], hashed(pool[from]));
    }
  }
  for (const word of entropy.slice(POOL)) {
    for (let to = 0; to < POOL; to += 1) pool[to] = mix(pool[to], hashed(word));
  }
  return pool;
}

/** Words of 32 bits from a pool. */
function generated(pool, count) {
  let constant = INIT_B;
  return Array.from({ length: count }, (_, place) => {
    const mixed = pool[place % POOL] ^ constant;
    constant = Math.imul(constant, MULT_B);
    const product = Math.imul(mixed, constant);
    return (product ^ (product >>> 16)) >>> 0;
  });
}
