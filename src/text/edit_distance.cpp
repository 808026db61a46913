#include "text/edit_distance.h"

#include <algorithm>
#include <map>
#include <vector>

namespace whirlygig {

std::size_t edit_distance(std::u32string_view from, std::u32string_view to) {
    // distance[i][j]: from the first i letters of one word to the first j letters of the other.
    std::vector<std::vector<std::size_t>> distance(from.size() + 1,
                                                   std::vector<std::size_t>(to.size() + 1));
    for (std::size_t i = 0; i <= from.size(); ++i)
        distance[i][0] = i;
    for (std::size_t j = 0; j <= to.size(); ++j)
        distance[0][j] = j;

    std::map<char32_t, std::size_t> last_row; // where a letter stood last in `from`, from 1
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::size_t last_column = 0; // where from[i - 1] stood last in `to`, from 1
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const bool same = from[i - 1] == to[j - 1];
            std::size_t best = distance[i - 1][j - 1] + (same ? 0 : 1);
            best = std::min({best, distance[i - 1][j] + 1, distance[i][j - 1] + 1});
            const std::size_t row = last_row.contains(to[j - 1]) ? last_row[to[j - 1]] : 0;
            if (row > 0 && last_column > 0) {
                // A swap; the letters between the two are left out of one or added to the other.
                const std::size_t between = (i - row - 1) + (j - last_column - 1);
                best = std::min(best, distance[row - 1][last_column - 1] + between + 1);
            }
            if (same) last_column = j;
            distance[i][j] = best;
        }
        last_row[from[i - 1]] = i;
    }
    return distance[from.size()][to.size()];
}

} // namespace whirlygig
