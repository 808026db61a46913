// The eigenvalues and eigenvectors of a small symmetric matrix.
#pragma once

#include <vector>

namespace whirlygig {

using SymmetricMatrix = std::vector<std::vector<double>>; // (n, n)

struct Eigenvectors {
    std::vector<double> values;               // (n), the largest first
    std::vector<std::vector<double>> vectors; // vectors[i] belongs to values[i] and has length 1
};

// By Jacobi's method (1846): turn two axes at a time so that the number where they meet becomes 0,
// until all numbers beside the diagonal are as good as 0. Right for a few hundred rows. The numbers
// must be finite. Throws an Error when the rows are not as long as there are rows.
Eigenvectors find_eigenvectors(SymmetricMatrix matrix);

} // namespace whirlygig
