"""The standard normal distribution: its quantiles, and its distribution function.

Wichura 1988: Algorithm AS 241: The Percentage Points of the Normal Distribution. Applied Statistics 37(3), 477-484;
PPND16, whose relative error is about 1e-16. Each of three regions has a rational approximation of degree 7.

Cody 1969: Rational Chebyshev Approximations for the Error Function. Mathematics of Computation 23(107), 631-637;
relative error below 1e-16, also in three regions.
"""

from __future__ import annotations

import numpy as np

from unspool.types import Array

# Coefficients from the highest power down, numerator and denominator, as in the paper's table.
CENTRAL = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0),
)  # fmt: skip
MIDDLE = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0),
)  # fmt: skip
FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0),
)  # fmt: skip
# The error function near 0, `erf(x) / x` by x²; its complement `exp(x²) erfc(x)` by x, and farther out by 1 / x².
ERF_NEAR = (
    (1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2,
     3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)  # fmt: skip
ERFC_MIDDLE = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1,
     2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3,
     1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
     3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3),
)  # fmt: skip
ERFC_FAR = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
     1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1, 6.05183413124413191e-2,
     2.33520497626869185e-3),
)  # fmt: skip
NEAR, FARTHEST = 0.46875, 26.0
# A uniform number may be exactly 0; it is replaced by half the smallest distance between two of them.
LEAST, MOST = 2.0**-54, 1.0 - 2.0**-53


def normal_quantile(p: Array) -> Array:
    """`Φ⁻¹(p)` of probabilities of any shape, in float64; 0 and 1 give the most extreme finite values."""
    p = np.clip(np.asarray(p, dtype=np.float64), LEAST, MOST)
    q = p - 0.5
    near = q * _ratio(CENTRAL, 0.180625 - q * q)
    r = np.sqrt(-np.log(np.minimum(p, 1.0 - p)))
    tail = np.where(r <= 5.0, _ratio(MIDDLE, r - 1.6), _ratio(FAR, r - 5.0))
    quantiles: Array = np.where(np.abs(q) <= 0.425, near, np.copysign(tail, q))
    return quantiles


def normal_cumulative(x: Array) -> Array:
    """`Φ(x)` of numbers of any shape, in float64."""
    scaled = np.asarray(x, dtype=np.float64) / np.sqrt(2.0)
    size = np.minimum(np.abs(scaled), FARTHEST)
    near = 1.0 - size * _ratio(ERF_NEAR, np.minimum(size, NEAR) ** 2)
    inverse = 1.0 / np.square(np.maximum(size, 4.0))
    far = (1.0 / np.sqrt(np.pi) - inverse * _ratio(ERFC_FAR, inverse)) / np.maximum(size, 4.0)
    tail = np.exp(-size * size) * np.where(size <= 4.0, _ratio(ERFC_MIDDLE, np.minimum(size, 4.0)), far)
    beyond = 0.5 * np.where(size <= NEAR, near, tail)
    cumulative: Array = np.where(scaled > 0, 1.0 - beyond, beyond)
    return cumulative


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Array) -> Array:
    """The quotient of two polynomials."""
    numerator, denominator = coefficients
    ratio: Array = np.polyval(numerator, x) / np.polyval(denominator, x)
    return ratio
