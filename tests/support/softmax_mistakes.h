// What is often done wrong in the exercises of softmax.cpp, and what comes out of it.
#pragma once

#include "support/matrix_mistakes.h"

namespace mistakes {

inline double row_sum(const std::vector<double>& row) {
    double sum = 0;
    for (const double number : row)
        sum += number;
    return sum;
}

inline double largest_of(const Grid& grid) {
    double largest = -plain::infinity;
    for (const auto& row : grid)
        largest = std::max(largest, *std::max_element(row.begin(), row.end()));
    return largest;
}

// exp(score − shift(row of scores)) everywhere.
template <class Shift>
Grid exponentials(const Grid& scores, Shift shift) {
    return made(scores.size(), scores[0].size(), [&](std::size_t row, std::size_t column) {
        return std::exp(scores[row][column] - shift(scores[row]));
    });
}

// Each number divided by divisor(row of numbers).
template <class Divisor>
Grid divided(const Grid& numbers, Divisor divisor) {
    return made(numbers.size(), numbers[0].size(), [&](std::size_t row, std::size_t column) {
        return numbers[row][column] / divisor(numbers[row]);
    });
}

// Each row is divided by the sum of all exponentials up to its end.
inline Grid shares_of_a_running_sum(Grid powers) {
    double sum = 0;
    for (auto& row : powers) {
        sum += row_sum(row);
        for (double& number : row)
            number /= sum;
    }
    return powers;
}

// The first of the largest scores gets everything.
inline Grid winners(Grid scores) {
    for (auto& row : scores) {
        const auto best = std::max_element(row.begin(), row.end()) - row.begin();
        std::fill(row.begin(), row.end(), 0);
        row[static_cast<std::size_t>(best)] = 1;
    }
    return scores;
}

inline Mistakes softmax_forward(const Grid& scores, const Grid& before) {
    using Row = std::vector<double>;
    const auto largest = [](const Row& row) { return *std::max_element(row.begin(), row.end()); };
    const auto smallest = [](const Row& row) { return *std::min_element(row.begin(), row.end()); };
    const auto nothing = [](const Row&) { return 0.0; };
    const auto sum = [](const Row& row) { return row_sum(row); };
    const Grid powers = exponentials(scores, largest), bare = exponentials(scores, nothing);
    const double everything = largest_of(scores);
    double total = 0;
    for (const auto& row : exponentials(scores, [&](const Row&) { return everything; }))
        total += row_sum(row);
    const Grid right = divided(powers, sum);
    Mistakes mistakes = {
        {"The exponentials are not divided by their sum, so a row does not sum to 1.", powers},
        {"The largest score is not subtracted, so the exponential of a huge score is infinity and "
         "infinity / infinity is nan; subtract the row's largest score first.",
         divided(bare, sum)},
        {"The largest score is not subtracted and nothing is divided; a row should hold the "
         "exponentials' shares of their sum.",
         bare},
        {"The smallest score is subtracted, so the exponential of a huge score is infinity; it "
         "should be the largest of the row.",
         divided(exponentials(scores, smallest), sum)},
        {"The shares are taken down the columns; each row should be shared out by itself.",
         plain::transpose(plain::softmax(plain::transpose(scores)))},
        {"The shares are taken of the whole matrix; each row should be shared out by itself.",
         divided(exponentials(scores, [&](const Row&) { return everything; }),
                 [&](const Row&) { return total; })},
        {"The sum is not set to 0 for each row, so it also holds the rows before.",
         shares_of_a_running_sum(powers)},
        {"The scores themselves are divided by their sum; it should be their exponentials.",
         divided(scores, sum)},
        {"The exponentials are divided by the number of columns; it should be by their sum.",
         divided(powers, [](const Row& row) { return static_cast<double>(row.size()); })},
        {"The exponentials are divided by the sum of the scores; it should be by their own sum.",
         made(scores.size(), scores[0].size(),
              [&](std::size_t row, std::size_t column) {
                  return powers[row][column] / row_sum(scores[row]);
              })},
        {"The largest score gets everything; every score should get its share.", winners(scores)},
        {"All scores get the same; a larger score should get a larger share.",
         divided(scores, [](const Row&) { return 1.0; })},
    };
    const double equal = 1 / static_cast<double>(scores[0].size());
    mistakes.back().output = Grid(scores.size(), Row(scores[0].size(), equal));
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

// A masked grid from `is_visible(query, key)`; `hidden` stands where nothing may be seen.
template <class Visible>
Grid masked(const Grid& scaled, Visible is_visible, double hidden = -plain::infinity) {
    return made(scaled.size(), scaled[0].size(), [&](std::size_t query, std::size_t key) {
        return is_visible(query, key) ? scaled[query][key] : hidden;
    });
}

inline Mistakes causal_mask_forward(const Grid& scaled, const Grid& before) {
    const std::size_t ahead = scaled[0].size() - scaled.size(); // keys of the text before
    const auto visible = [&](std::size_t query, std::size_t key) { return key <= query + ahead; };
    const Grid right = masked(scaled, visible);
    const auto where_visible = [&](double number, double hidden) {
        return made(scaled.size(), scaled[0].size(), [&](std::size_t query, std::size_t key) {
            return visible(query, key) ? number : hidden;
        });
    };
    Mistakes mistakes = {
        {"A token can't see itself: its own key is hidden, too; only the keys after it should be.",
         masked(scaled, [&](std::size_t query, std::size_t key) { return key < query + ahead; })},
        {"A token sees one key too many, the one right after its own.",
         masked(scaled,
                [&](std::size_t query, std::size_t key) { return key <= query + ahead + 1; })},
        {"The mask is the wrong way round: the past is hidden and the future can be seen.",
         masked(scaled, [&](std::size_t query, std::size_t key) { return key >= query + ahead; })},
        {"The mask is the wrong way round: what may be seen is hidden, and the other way round.",
         masked(scaled, [&](std::size_t query, std::size_t key) { return !visible(query, key); })},
        {"A hidden score is 0; 0 is a score like any other, minus infinity is none.",
         masked(scaled, visible, 0)},
        {"A hidden score is plus infinity; it should be minus infinity.",
         masked(scaled, visible, plain::infinity)},
        {"A hidden score is a large negative number; it should be minus infinity, so that nothing "
         "at all is left of it.",
         masked(scaled, visible, -1e9)},
        {"A hidden score is a large negative number; it should be minus infinity, so that nothing "
         "at all is left of it: even -1e30 is a number.",
         masked(scaled, visible, -1e30)},
        {"A hidden score is the smallest number there is; it should be minus infinity, so that "
         "nothing at all is left of it.",
         masked(scaled, visible,
                static_cast<double>(std::numeric_limits<whirlygig::Real>::lowest()))},
        {"Only a key's own query sees it; a query may look at every key up to its own.",
         masked(scaled, [&](std::size_t query, std::size_t key) { return key == query + ahead; })},
        {"Only the key right after a query's own is hidden; all that come after should be.",
         masked(scaled,
                [&](std::size_t query, std::size_t key) { return key != query + ahead + 1; })},
        {"The scores are copied and nothing is hidden; keys after the query's own should be.",
         scaled},
        {"The scores are lost: what is seen has become 0; it should keep its score.",
         where_visible(0, -plain::infinity)},
        {"The mask itself is written, 1 and 0; it should be the scores, with minus infinity where "
         "nothing may be seen.",
         where_visible(1, 0)},
    };
    if (ahead > 0)
        mistakes.push_back(
            {"Query 0 is taken for the text's first token; the queries are the last "
             "ones of the text, so each sees all the keys before it, too.",
             masked(scaled, [](std::size_t query, std::size_t key) { return key <= query; })});
    return joined(mistakes, joined(added(right, before), left_out(right, before)));
}

} // namespace mistakes
