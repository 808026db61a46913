// What is often done wrong in the exercises of embedding.cpp, and what comes out of it.
#pragma once

#include "support/matrix_mistakes.h"

#include <vector>

namespace mistakes {

inline Grid rows_of(const Grid& table, const std::vector<std::size_t>& numbers) {
    Grid rows;
    for (const std::size_t number : numbers)
        rows.push_back(table.at(number));
    return rows;
}

inline std::vector<std::size_t> counted_from(std::size_t first, std::size_t count) {
    std::vector<std::size_t> numbers(count);
    for (std::size_t index = 0; index < count; ++index)
        numbers[index] = first + index;
    return numbers;
}

inline std::vector<std::size_t> shifted(std::vector<std::size_t> numbers, int by) {
    for (std::size_t& number : numbers)
        number = static_cast<std::size_t>(static_cast<int>(number) + by);
    return numbers;
}

// Those that any copying of rows can have.
inline Mistakes copying(const Grid& right, const Grid& before) {
    return joined(
        joined(left_out(right, before), added(right, before)),
        {{"Rows and columns of the result are exchanged; what is looked up belongs into a row.",
          plain::transpose(right)}});
}

inline Mistakes look_up_tokens(const std::vector<std::size_t>& ids, const Grid& table,
                               const Grid& before) {
    const std::size_t vocabulary = table.size(), width = table[0].size();
    const auto [smallest, largest] = std::minmax_element(ids.begin(), ids.end());
    Mistakes mistakes = {
        {"Every row is the one of the first token; each token has an id of its own.",
         Grid(ids.size(), table[ids[0]])},
        {"Every row is the one of the last token; each token has an id of its own.",
         Grid(ids.size(), table[ids.back()])},
        {"The ids themselves are written; an id only says which row of the table to copy.",
         made(ids.size(), width,
              [&](std::size_t row, std::size_t) { return static_cast<double>(ids[row]); })},
        {"The whole table is copied; only the rows of the text's tokens are wanted, in the order "
         "of the text.",
         table},
    };
    if (ids.size() <= vocabulary)
        mistakes.push_back({"A token's row is chosen by its place in the text; it should be chosen "
                            "by its id.",
                            rows_of(table, counted_from(0, ids.size()))});
    if (*smallest > 0)
        mistakes.push_back({"You take the row before the right one; ids count from 0, as rows do.",
                            rows_of(table, shifted(ids, -1))});
    if (*largest + 1 < vocabulary)
        mistakes.push_back({"You take the row after the right one; ids count from 0, as rows do.",
                            rows_of(table, shifted(ids, 1))});
    if (vocabulary == width)
        mistakes.push_back({"A token gets a column of the table; it should get a row.",
                            rows_of(plain::transpose(table), ids)});
    return joined(mistakes, copying(rows_of(table, ids), before));
}

inline Mistakes look_up_positions(std::size_t first, std::size_t count, const Grid& table,
                                  const Grid& before) {
    const std::vector<std::size_t> places = counted_from(first, count);
    const std::size_t width = table[0].size();
    Mistakes mistakes = {
        {"first_place is ignored: the rows are counted from 0, but a text that is continued starts "
         "at first_place.",
         rows_of(table, counted_from(0, count))},
        {"Every row is the one of first_place; the next token stands one place further on.",
         Grid(count, table[first])},
        {"The number of the place is written; the row of the table with that number should be.",
         made(count, width,
              [&](std::size_t row, std::size_t) { return static_cast<double>(first + row); })},
        {"The whole table is copied; only `count` rows from first_place on are wanted.", table},
        {"first_place is added to the numbers of the table; it should choose the row.",
         made(count, width,
              [&](std::size_t row, std::size_t column) {
                  return table[row][column] + static_cast<double>(first);
              })},
        {"The places run backwards; row 0 belongs to first_place.",
         rows_of(table, {places.rbegin(), places.rend()})},
    };
    if (first + count < table.size())
        mistakes.push_back({"You start one place too late; row 0 belongs to first_place itself.",
                            rows_of(table, shifted(places, 1))});
    if (first > 0)
        mistakes.push_back({"You start one place too early; row 0 belongs to first_place itself.",
                            rows_of(table, shifted(places, -1))});
    return joined(mistakes, copying(rows_of(table, places), before));
}

// One record of the embedding; `before` is what it held before the call.
struct Embedded {
    Grid tokens, positions, sum;
};

struct EmbeddedMistake {
    std::string sentence;
    Embedded output;
};

inline Embedded embedded(const Grid& tokens, const Grid& positions) {
    return {tokens, positions, plain::add(tokens, positions)};
}

inline std::vector<EmbeddedMistake> embedding_forward(const std::vector<std::size_t>& ids,
                                                      std::size_t first, const Grid& token_table,
                                                      const Grid& position_table,
                                                      const Embedded& before) {
    const Grid tokens = rows_of(token_table, ids);
    const Grid positions = rows_of(position_table, counted_from(first, ids.size()));
    const Grid from_0 = rows_of(position_table, counted_from(0, ids.size()));
    const Grid sum = plain::add(tokens, positions);
    const Grid product = made(ids.size(), tokens[0].size(), [&](std::size_t row, std::size_t d) {
        return tokens[row][d] * positions[row][d];
    });
    std::vector<EmbeddedMistake> mistakes = {
        {"first_place is ignored: the positions are counted from 0, but a text that is continued "
         "starts at first_place.",
         embedded(tokens, from_0)},
        {"The sum holds the tokens alone; the positions are still to be added.",
         {tokens, positions, tokens}},
        {"The sum holds the positions alone; the tokens are still to be added.",
         {tokens, positions, positions}},
        {"The tokens are added to themselves; the positions should be added to them.",
         {tokens, positions, plain::add(tokens, tokens)}},
        {"The positions are added to themselves; they should be added to the tokens.",
         {tokens, positions, plain::add(positions, positions)}},
        {"Tokens and positions are multiplied; they should be added.",
         {tokens, positions, product}},
        {"Both are looked up, but activations.sum is not written: the two are still to be added.",
         {tokens, positions, before.sum}},
        {"The sum is right, but the record is not complete: activations.tokens and "
         "activations.positions should hold the rows that were looked up.",
         {before.tokens, before.positions, sum}},
        {"The two tables' rows are in each other's place: activations.tokens should hold those of "
         "the tokens, activations.positions those of the places.",
         {positions, tokens, sum}},
    };
    if (*std::max_element(ids.begin(), ids.end()) < position_table.size())
        mistakes.push_back({"The positions are looked up by the tokens' ids; a position is where a "
                            "token stands, whichever token it is.",
                            embedded(tokens, rows_of(position_table, ids))});
    if (first + ids.size() <= token_table.size()) {
        const Grid wrong = rows_of(token_table, counted_from(first, ids.size()));
        mistakes.push_back({"The positions are looked up in the token table; they have a table of "
                            "their own.",
                            embedded(tokens, wrong)});
    }
    return mistakes;
}

} // namespace mistakes
