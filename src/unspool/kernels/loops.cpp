// The operations between the matrix products of a loop over time, each in one pass over memory.
//
// Every function is tested against its form in PyTorch's operations, in gates.py or additive_attention.py. Numbers are
// float32; inputs and outputs of products are float32 or bfloat16 (`Narrow`). Each row is computed by one thread, so
// results do not depend on the number of threads.
// Letters: rows R, source positions S, width of keys D, width of values C; all arrays are contiguous.

#include <cstdint>
#include <cstring>

namespace {

constexpr int64_t worth_threads = 8192;  // with fewer numbers, a second thread costs more than it saves

using bfloat16 = uint16_t;  // its bits

inline float wide(float x) { return x; }
inline float wide(bfloat16 x) {
  const uint32_t bits = uint32_t(x) << 16;
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

inline void put(float& place, float x) { place = x; }
inline void put(bfloat16& place, float x) {  // to nearest, ties to even
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  place = bfloat16((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

// e^x = 2^n e^r with |r| <= ln 2 / 2, by the Taylor series up to r^7: relative error below 2e-7. Compilers vectorise
// it, which they do with the standard library's function only on some systems.
inline float exponential(float x) {
  x = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
  const float rounding = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const float n = (x * 1.44269504f + rounding) - rounding;
  const float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
  float sum = 1.0f / 5040;
  sum = sum * r + 1.0f / 720;
  sum = sum * r + 1.0f / 120;
  sum = sum * r + 1.0f / 24;
  sum = sum * r + 1.0f / 6;
  sum = sum * r + 0.5f;
  sum = sum * r + 1.0f;
  sum = sum * r + 1.0f;
  const int32_t exponent = (int32_t(n) + 127) << 23;
  float scale;
  std::memcpy(&scale, &exponent, sizeof scale);
  return sum * scale;
}

inline float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }
inline float hyperbolic(float x) { return 2.0f * sigmoid(2.0f * x) - 1.0f; }

// One row of an LSTM: gates i, f, g, o one after the other; `tanh_c` is the tanh of the new cell state. With peepholes
// `[3, D]`, i and f read the old cell state, o the new one.
template <bool Peepholes, typename Narrow>
inline void lstm_row_as(int64_t size, const Narrow* before, const float* peepholes, const float* c, float* gates,
                        float* tanh_c, float* h, float* fresh) {
#pragma omp simd
  for (int64_t d = 0; d < size; d++) {
    float to_i = wide(before[d]), to_f = wide(before[size + d]), to_o = wide(before[3 * size + d]);
    if (Peepholes) to_i += peepholes[d] * c[d], to_f += peepholes[size + d] * c[d];
    const float i = sigmoid(to_i), f = sigmoid(to_f), g = hyperbolic(wide(before[2 * size + d]));
    const float moved = f * c[d] + i * g, seen = hyperbolic(moved);
    if (Peepholes) to_o += peepholes[2 * size + d] * moved;
    const float o = sigmoid(to_o);
    gates[d] = i, gates[size + d] = f, gates[2 * size + d] = g, gates[3 * size + d] = o;
    fresh[d] = moved, tanh_c[d] = seen, h[d] = o * seen;
  }
}

template <bool Peepholes, typename Narrow>
inline void lstm_row_back_as(int64_t size, const float* peepholes, const float* to_h, const float* to_c,
                             const float* gates, const float* tanh_c, const float* c, Narrow* to_before,
                             float* to_old) {
#pragma omp simd
  for (int64_t d = 0; d < size; d++) {
    const float i = gates[d], f = gates[size + d], g = gates[2 * size + d], o = gates[3 * size + d], s = tanh_c[d];
    const float to_o = to_h[d] * s * o * (1 - o);
    float cell = to_c[d] + to_h[d] * o * (1 - s * s);
    if (Peepholes) cell += to_o * peepholes[2 * size + d];
    const float to_i = cell * g * i * (1 - i), to_f = cell * c[d] * f * (1 - f);
    put(to_before[d], to_i), put(to_before[size + d], to_f);
    put(to_before[2 * size + d], cell * i * (1 - g * g));
    put(to_before[3 * size + d], to_o);
    float old = cell * f;
    if (Peepholes) old += to_i * peepholes[d] + to_f * peepholes[size + d];
    to_old[d] = old;
  }
}

// The same with `peepholes`, or null without.
template <typename Narrow>
inline void lstm_row(int64_t size, const Narrow* before, const float* peepholes, const float* c, float* gates,
                     float* tanh_c, float* h, float* fresh) {
  if (peepholes)
    lstm_row_as<true>(size, before, peepholes, c, gates, tanh_c, h, fresh);
  else
    lstm_row_as<false>(size, before, peepholes, c, gates, tanh_c, h, fresh);
}

template <typename Narrow>
inline void lstm_row_back(int64_t size, const float* peepholes, const float* to_h, const float* to_c,
                          const float* gates, const float* tanh_c, const float* c, Narrow* to_before, float* to_old) {
  if (peepholes)
    lstm_row_back_as<true>(size, peepholes, to_h, to_c, gates, tanh_c, c, to_before, to_old);
  else
    lstm_row_back_as<false>(size, peepholes, to_h, to_c, gates, tanh_c, c, to_before, to_old);
}

// One row of a GRU with the reset gate after the product: the contributions of x and of h to r, z, n.
template <typename Narrow>
inline void gru_row(int64_t size, const Narrow* projected, const Narrow* recurrent, const float* h, float* gates,
                    float* fresh) {
#pragma omp simd
  for (int64_t d = 0; d < size; d++) {
    const float r = sigmoid(wide(projected[d]) + wide(recurrent[d]));
    const float z = sigmoid(wide(projected[size + d]) + wide(recurrent[size + d]));
    const float n = hyperbolic(wide(projected[2 * size + d]) + r * wide(recurrent[2 * size + d]));
    gates[d] = r, gates[size + d] = z, gates[2 * size + d] = n;
    fresh[d] = n + z * (h[d] - n);
  }
}

template <typename Narrow>
inline void gru_row_back(int64_t size, const float* to_h, const float* gates, const Narrow* recurrent, const float* h,
                         Narrow* to_projected, Narrow* to_recurrent, float* to_old) {
#pragma omp simd
  for (int64_t d = 0; d < size; d++) {
    const float r = gates[d], z = gates[size + d], n = gates[2 * size + d];
    const float to_n = to_h[d] * (1 - z) * (1 - n * n);
    const float to_r = to_n * wide(recurrent[2 * size + d]) * r * (1 - r), to_z = to_h[d] * (h[d] - n) * z * (1 - z);
    put(to_projected[d], to_r), put(to_recurrent[d], to_r);
    put(to_projected[size + d], to_z), put(to_recurrent[size + d], to_z);
    put(to_projected[2 * size + d], to_n), put(to_recurrent[2 * size + d], to_n * r);
    to_old[d] = to_h[d] * z;
  }
}

template <typename T>
inline void copy(T* to, const T* from, int64_t size) { std::memcpy(to, from, size * sizeof(T)); }

template <typename Narrow>
inline void narrow(Narrow* to, const float* from, int64_t size) {
#pragma omp simd
  for (int64_t d = 0; d < size; d++) put(to[d], from[d]);
}

// The gradient of the new h of a row: from its output, through the product of the next step, and past that step.
template <typename Narrow>
inline void gather(float* carried, const float* to_output, const Narrow* through, int64_t size) {
#pragma omp simd
  for (int64_t d = 0; d < size; d++) carried[d] += to_output[d] + wide(through[d]);
}

inline float dot(const float* a, const float* b, int64_t size) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t d = 0; d < size; d++) sum += a[d] * b[d];
  return sum;
}

inline void add(float* sum, float factor, const float* x, int64_t size) {
#pragma omp simd
  for (int64_t d = 0; d < size; d++) sum[d] += factor * x[d];
}

// Softmax of `[S]` scores in place; 0 if everything is padding.
inline void softmax(float* w, const bool* real, int64_t length) {
  float most = -3.4e38f, total = 0;
  for (int64_t s = 0; s < length; s++) most = real[s] && w[s] > most ? w[s] : most;
  for (int64_t s = 0; s < length; s++) total += w[s] = real[s] ? exponential(w[s] - most) : 0;
  for (int64_t s = 0; s < length; s++) w[s] = real[s] ? w[s] / total : 0;
}

// A soft window over the vectors of a row, `[S, E]`, of K Gaussians (Graves 2013, equations 46 to 51); `weights` are of
// u = 1 ... S + 1. The raw parameters have the limits of soft_window.py.
constexpr float least_raw = -15.0f, most_raw = 8.0f;

inline float parameter(float raw) {
  return exponential(raw < least_raw ? least_raw : raw > most_raw ? most_raw : raw);
}

inline float height(float beta, float distance) {
  const float x = -beta * distance * distance;
  return x < -87.0f ? 0.0f : exponential(x);
}

inline void window_row(int64_t count, int64_t length, int64_t width, const float* raw, const float* vectors,
                       const float* place, float* fresh, float* weights, float* vector) {
  std::memset(weights, 0, (length + 1) * sizeof *weights);
  for (int64_t k = 0; k < count; k++) {
    const float alpha = parameter(raw[k]), beta = parameter(raw[count + k]);
    const float centre = fresh[k] = place[k] + parameter(raw[2 * count + k]);
#pragma omp simd
    for (int64_t s = 0; s <= length; s++) weights[s] += alpha * height(beta, centre - float(int32_t(s) + 1));
  }
  std::memset(vector, 0, width * sizeof *vector);
  for (int64_t s = 0; s < length; s++) add(vector, weights[s], vectors + s * width, width);
}

// `reached` is the gradient of the weights; `to_place` that of the new places, which is also that of the old ones.
inline void window_row_back(int64_t count, int64_t length, const float* raw, const float* place, const float* reached,
                            float* to_place, float* to_raw) {
  for (int64_t k = 0; k < count; k++) {
    const float alpha = parameter(raw[k]), beta = parameter(raw[count + k]), step = parameter(raw[2 * count + k]);
    float plain = 0, along = 0, spread = 0;
#pragma omp simd reduction(+ : plain, along, spread)
    for (int64_t s = 0; s <= length; s++) {
      const float distance = place[k] - float(int32_t(s) + 1), through = height(beta, distance) * reached[s];
      plain += through, along += through * distance, spread += through * distance * distance;
    }
    to_place[k] -= 2 * alpha * beta * along;
    to_raw[k] = alpha * plain, to_raw[count + k] = -alpha * beta * spread, to_raw[2 * count + k] = step * to_place[k];
  }
  for (int64_t k = 0; k < 3 * count; k++)
    if (raw[k] < least_raw || raw[k] > most_raw) to_raw[k] = 0;
}

}  // namespace

extern "C" {
#define WITH_THREADS _Pragma("omp parallel for schedule(static) if (rows * size >= worth_threads)")
#define IN_BOTH_TYPES(DEFINE) DEFINE(float32, float) DEFINE(bfloat16, bfloat16)

// A step of a loop with attention.
#define LSTM_STEP(NAME, Narrow)                                                                                        \
  void lstm_forward_##NAME(int64_t rows, int64_t size, const Narrow* before, const float* c, float* gates,             \
                           float* tanh_c, float* h, float* fresh) {                                                    \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size;                                                                                     \
      lstm_row(size, before + 4 * at, nullptr, c + at, gates + 4 * at, tanh_c + at, h + at, fresh + at);               \
    }                                                                                                                  \
  }                                                                                                                    \
  void lstm_backward_##NAME(int64_t rows, int64_t size, const float* to_h, const float* to_c, const float* gates,      \
                            const float* tanh_c, const float* c, Narrow* to_before, float* to_old) {                   \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size;                                                                                     \
      lstm_row_back(size, nullptr, to_h + at, to_c + at, gates + 4 * at, tanh_c + at, c + at,                          \
                           to_before + 4 * at, to_old + at);                                                           \
    }                                                                                                                  \
  }
IN_BOTH_TYPES(LSTM_STEP)

#define GRU_STEP(NAME, Narrow)                                                                                         \
  void gru_forward_##NAME(int64_t rows, int64_t size, const Narrow* projected, const Narrow* recurrent, const float* h,\
                          float* gates, float* fresh) {                                                                \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size;                                                                                     \
      gru_row(size, projected + 3 * at, recurrent + 3 * at, h + at, gates + 3 * at, fresh + at);                       \
    }                                                                                                                  \
  }                                                                                                                    \
  void gru_backward_##NAME(int64_t rows, int64_t size, const float* to_h, const float* gates, const Narrow* recurrent, \
                           const float* h, Narrow* to_projected, Narrow* to_recurrent, float* to_old) {                \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size;                                                                                     \
      gru_row_back(size, to_h + at, gates + 3 * at, recurrent + 3 * at, h + at, to_projected + 3 * at,                 \
                   to_recurrent + 3 * at, to_old + at);                                                                \
    }                                                                                                                  \
  }
IN_BOTH_TYPES(GRU_STEP)

// A step of a layer on a padded batch: at padding, the state and its gradient do not change.
// `seen` is the new h for the next product; `carried` is the gradient of h past this step.
#define LSTM_READ(NAME, Narrow)                                                                                        \
  void lstm_read_##NAME(int64_t rows, int64_t size, const float* peepholes, const bool* real, const Narrow* before,    \
                        const float* h, const float* c, float* gates, float* tanh_c, float* fresh_h, float* fresh_c,   \
                        Narrow* seen) {                                                                                \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size;                                                                                     \
      if (real[r]) {                                                                                                   \
        lstm_row(size, before + 4 * at, peepholes, c + at, gates + 4 * at, tanh_c + at, fresh_h + at, fresh_c + at);   \
      } else {                                                                                                         \
        copy(fresh_h + at, h + at, size), copy(fresh_c + at, c + at, size);                                            \
      }                                                                                                                \
      narrow(seen + at, fresh_h + at, size);                                                                           \
    }                                                                                                                  \
  }                                                                                                                    \
  void lstm_read_back_##NAME(int64_t rows, int64_t size, const float* peepholes, const bool* real,                     \
                             const float* to_output, const Narrow* through, const float* gates, const float* tanh_c,   \
                             const float* c, float* carried_h, float* carried_c, Narrow* to_before) {                  \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size;                                                                                     \
      gather(carried_h + at, to_output + at, through + at, size);                                                      \
      if (real[r]) {                                                                                                   \
        lstm_row_back(size, peepholes, carried_h + at, carried_c + at, gates + 4 * at, tanh_c + at, c + at,            \
                      to_before + 4 * at, carried_c + at);                                                             \
        std::memset(carried_h + at, 0, size * sizeof(float));                                                          \
      } else {                                                                                                         \
        std::memset(to_before + 4 * at, 0, 4 * size * sizeof(Narrow));                                                 \
      }                                                                                                                \
    }                                                                                                                  \
  }
IN_BOTH_TYPES(LSTM_READ)

#define GRU_READ(NAME, Narrow)                                                                                         \
  void gru_read_##NAME(int64_t rows, int64_t size, const bool* real, const Narrow* projected, const Narrow* recurrent, \
                       const float* h, float* gates, float* fresh, Narrow* seen) {                                     \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size;                                                                                     \
      if (real[r]) {                                                                                                   \
        gru_row(size, projected + 3 * at, recurrent + 3 * at, h + at, gates + 3 * at, fresh + at);                     \
      } else {                                                                                                         \
        copy(fresh + at, h + at, size);                                                                                \
      }                                                                                                                \
      narrow(seen + at, fresh + at, size);                                                                             \
    }                                                                                                                  \
  }                                                                                                                    \
  void gru_read_back_##NAME(int64_t rows, int64_t size, const bool* real, const float* to_output,                      \
                            const Narrow* through, const float* gates, const Narrow* recurrent, const float* h,        \
                            float* carried, Narrow* to_projected, Narrow* to_recurrent) {                              \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size;                                                                                     \
      gather(carried + at, to_output + at, through + at, size);                                                        \
      if (real[r]) {                                                                                                   \
        gru_row_back(size, carried + at, gates + 3 * at, recurrent + 3 * at, h + at, to_projected + 3 * at,            \
                     to_recurrent + 3 * at, carried + at);                                                             \
      } else {                                                                                                         \
        std::memset(to_projected + 3 * at, 0, 3 * size * sizeof(Narrow));                                              \
        std::memset(to_recurrent + 3 * at, 0, 3 * size * sizeof(Narrow));                                              \
      }                                                                                                                \
    }                                                                                                                  \
  }
IN_BOTH_TYPES(GRU_READ)

// A step of an LSTM that moves a soft window: count, length and width are K, S and E. `seen` is `[R, E + D]`, the vector
// and h, for the next product.
#define LSTM_WINDOW(NAME, Narrow)                                                                                      \
  void lstm_window_##NAME(int64_t rows, int64_t size, int64_t count, int64_t length, int64_t width,                    \
                          const float* peepholes, const float* weight, const float* bias, const float* vectors,        \
                          const Narrow* before, const float* c, const float* place, float* gates, float* tanh_c,       \
                          float* h, float* fresh_c, float* raw, float* fresh_place, float* weights, float* vector,     \
                          Narrow* seen) {                                                                              \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size, side = r * width;                                                                   \
      lstm_row(size, before + 4 * at, peepholes, c + at, gates + 4 * at, tanh_c + at, h + at, fresh_c + at);           \
      float* moves = raw + 3 * r * count;                                                                              \
      for (int64_t k = 0; k < 3 * count; k++) moves[k] = bias[k] + dot(weight + k * size, h + at, size);               \
      window_row(count, length, width, moves, vectors + length * side, place + r * count, fresh_place + r * count,     \
                 weights + r * (length + 1), vector + side);                                                           \
      narrow(seen + at + side, vector + side, width);                                                                  \
      narrow(seen + at + side + width, h + at, size);                                                                  \
    }                                                                                                                  \
  }                                                                                                                    \
  void lstm_window_back_##NAME(int64_t rows, int64_t size, int64_t count, int64_t length, int64_t width,               \
                               const float* peepholes, const float* weight, const float* vectors, const float* to_h,   \
                               const float* to_vector, const float* to_weights, const Narrow* through,                 \
                               const float* gates, const float* tanh_c, const float* c, const float* raw,              \
                               const float* place, float* reached, float* all_to_h, float* all_to_vector,              \
                               float* carried_c, float* carried_place, float* to_raw, Narrow* to_before) {             \
    WITH_THREADS for (int64_t r = 0; r < rows; r++) {                                                                  \
      const int64_t at = r * size, side = r * width, both = at + side, spot = r * (length + 1), part = r * count;      \
      float *vector = all_to_vector + side, *hidden = all_to_h + at;                                                   \
      for (int64_t e = 0; e < width; e++) vector[e] = to_vector[side + e] + wide(through[both + e]);                   \
      for (int64_t s = 0; s <= length; s++) {                                                                          \
        reached[spot + s] = to_weights ? to_weights[spot + s] : 0;                                                     \
        if (s < length) reached[spot + s] += dot(vectors + (r * length + s) * width, vector, width);                   \
      }                                                                                                                \
      window_row_back(count, length, raw + 3 * part, place + part, reached + spot, carried_place + part,               \
                      to_raw + 3 * part);                                                                              \
      for (int64_t d = 0; d < size; d++) hidden[d] = to_h[at + d] + wide(through[both + width + d]);                   \
      for (int64_t k = 0; k < 3 * count; k++) add(hidden, to_raw[3 * part + k], weight + k * size, size);              \
      lstm_row_back(size, peepholes, hidden, carried_c + at, gates + 4 * at, tanh_c + at, c + at, to_before + 4 * at,  \
                    carried_c + at);                                                                                   \
    }                                                                                                                  \
  }
IN_BOTH_TYPES(LSTM_WINDOW)

// Additive attention, one query for each memory: weights softmax_s 2v . sigmoid(keys_s + 2 query), and the context.
void additive_forward(int64_t rows, int64_t length, int64_t size, int64_t width, const float* keys, const float* query,
                  const float* v, const bool* mask, const float* values, float* weights, float* context) {
#pragma omp parallel for schedule(static) if (rows * length * size >= worth_threads)
  for (int64_t r = 0; r < rows; r++) {
    const bool* real = mask + r * length;
    const float* q = query + r * size;
    float *w = weights + r * length, *c = context + r * width;
    for (int64_t s = 0; s < length; s++) {
      const float* k = keys + (r * length + s) * size;
      float sum = 0;
      if (real[s]) {
#pragma omp simd reduction(+ : sum)
        for (int64_t d = 0; d < size; d++) sum += v[d] * sigmoid(k[d] + 2 * q[d]);
      }
      w[s] = 2 * sum;
    }
    softmax(w, real, length);
    std::memset(c, 0, width * sizeof *c);
    for (int64_t s = 0; s < length; s++)
      if (real[s]) add(c, w[s], values + (r * length + s) * width, width);
  }
}

// `to_weights` may be null. The gradients of the keys (without the factor v) and of v are accumulated.
void additive_backward(int64_t rows, int64_t length, int64_t size, int64_t width, const float* keys, const float* query,
                   const float* v, const bool* mask, const float* values, const float* weights, const float* to_context,
                   const float* to_weights, float* to_scores, float* to_query, float* slopes, float* mixed) {
#pragma omp parallel for schedule(static) if (rows * length * size >= worth_threads)
  for (int64_t r = 0; r < rows; r++) {
    const bool* real = mask + r * length;
    const float *q = query + r * size, *w = weights + r * length;
    float *scores = to_scores + r * length, *back = to_query + r * size, *mix = mixed + r * size, mean = 0;
    for (int64_t s = 0; s < length; s++) {
      scores[s] = to_weights ? to_weights[r * length + s] : 0;
      if (real[s]) scores[s] += dot(to_context + r * width, values + (r * length + s) * width, width);
      mean += w[s] * scores[s];
    }
    std::memset(back, 0, size * sizeof *back);
    for (int64_t s = 0; s < length; s++) {
      const float score = scores[s] = w[s] * (scores[s] - mean);
      if (!real[s]) continue;
      const float* k = keys + (r * length + s) * size;
      float* slope = slopes + (r * length + s) * size;
#pragma omp simd
      for (int64_t d = 0; d < size; d++) {
        const float tanh_c = sigmoid(k[d] + 2 * q[d]), rise = 4 * score * tanh_c * (1 - tanh_c);
        mix[d] += 2 * score * tanh_c;
        slope[d] += rise;
        back[d] += rise * v[d];
      }
    }
  }
}
}
