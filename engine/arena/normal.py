"""The normal distribution, as far as the statistics of a match need it."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z_95 = 1.959963984540054
"""95 % of a normal distribution lie within so many standard deviations."""

_FAR = 25.0  # standard deviations beyond which a tail is given by its asymptotic series to seven digits
_NOTHING = -50.0  # logarithm of what is taken as 0

_ERFC = np.frompyfunc(math.erfc, 1, 1)


def normal_cdf(z: ArrayLike) -> NDArray[np.float64]:
    """Share of a standard normal distribution below `z`, elementwise."""
    return scaled_tail(0.0, -np.asarray(z, np.float64))


def scaled_tail(exponent: ArrayLike, z: ArrayLike) -> NDArray[np.float64]:
    """exp(exponent) times the share of a standard normal distribution above `z`, elementwise.

    The product is right also where the first factor is too large, or the second too small, to be told as a number.
    """
    exponent, z = np.broadcast_arrays(np.asarray(exponent, np.float64), np.asarray(z, np.float64))
    scaled = np.zeros(z.shape)
    matters = exponent - 0.5 * np.maximum(z, 0.0) ** 2 > _NOTHING
    near, far = matters & (z <= _FAR), matters & (z > _FAR)
    scaled[near] = 0.5 * np.exp(exponent[near]) * np.asarray(_ERFC(z[near] / math.sqrt(2.0)), np.float64)
    series = (1.0 - 1.0 / z[far] ** 2) / (z[far] * math.sqrt(2.0 * math.pi))
    scaled[far] = np.exp(exponent[far] - 0.5 * z[far] ** 2) * series
    return scaled
