// Failures that teach. A Teacher compares what a learner's function gives with what it should give,
// example by example. At the end of the test it shows the first example that went wrong, names the
// known mistake that gave exactly the same in every example so far, and says where to find a hint.
#pragma once

#include "support/expect.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support {

using Pieces = std::vector<std::string>; // what the exercises with texts give

// What the code does and what it should do, in one sentence, and what comes out of that.
template <class Output> // Grid or Pieces
struct KnownMistake {
    std::string sentence;
    Output output;
};

// An example: what the function is given (for the reader), what it should make of it, and what
// comes out when it makes a known mistake.
template <class Output>
struct TeachingExample {
    std::string given;
    Output expected;
    std::vector<KnownMistake<Output>> mistakes;
    std::vector<std::string> why_nan = {}; // for each row: what may make it "not a number"
};

using Mistake = KnownMistake<Grid>;
using Mistakes = std::vector<Mistake>;
using TextMistakes = std::vector<KnownMistake<Pieces>>;
using NumbersExample = TeachingExample<Grid>;
using TextExample = TeachingExample<Pieces>;

// "given queries:", then the rows, if they are few enough to be read; else their shape.
inline std::string shown(const std::vector<std::pair<std::string, Grid>>& inputs) {
    std::string text;
    for (const auto& [name, grid] : inputs) {
        if (grid.size() > 6 || (!grid.empty() && grid[0].size() > 6)) {
            text += fmt::format("given {} with the shape {}\n", name, shape_text(grid));
            continue;
        }
        text += fmt::format("given {}:\n{}", name,
                            picture(grid, 0, 0, [](std::size_t, std::size_t) { return false; }));
    }
    return text;
}

inline bool same_number(double a, double b, double allowed) {
    return (std::isnan(a) && std::isnan(b)) || agree(a, b, allowed);
}

// Whether a function gave exactly what a mistake gives: other than in a comparison of right
// answers, "not a number" is like "not a number".
inline bool same(const Grid& got, const Grid& mistaken) {
    const double allowed = rounding * largest_number(mistaken);
    const auto close = [&](double a, double b) { return same_number(a, b, allowed); };
    const auto same_row = [&](const auto& a, const auto& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), close);
    };
    return std::equal(got.begin(), got.end(), mistaken.begin(), mistaken.end(), same_row);
}

inline bool same(const Pieces& got, const Pieces& mistaken) {
    return got == mistaken;
}

inline bool is_error(const std::string& piece) {
    return piece.starts_with("Error: ");
}

// In quotes, with white space that can be seen: "\n" for the end of a line. Ids and errors are
// what they are.
inline std::string quoted(const std::string& piece) {
    const bool is_id = piece.find_first_not_of("-0123456789") == std::string::npos;
    if (is_error(piece) || (is_id && !piece.empty())) return piece;
    std::string text;
    for (const char letter : piece)
        text += letter == '\n' ? "\\n" : letter == '\t' ? "\\t" : std::string(1, letter);
    return '"' + text + '"';
}

inline std::string written(const Pieces& pieces) {
    std::string text;
    for (const std::string& piece : pieces)
        text += (text.empty() ? "" : ", ") + quoted(piece);
    return "[" + text + "]";
}

// Which mistakes the examples so far leave possible.
struct Suspicions {
    struct Suspicion {
        bool possible = true; // every example came out as with this mistake
        bool seen = false;    // and one of them came out wrong
    };
    std::map<std::string, Suspicion> by_sentence;
    std::vector<std::string> order;
};

// One test after the other adds to what is known about an exercise, so this outlives a Teacher.
inline Suspicions& suspicions_of(const std::string& exercise) {
    static std::map<std::string, Suspicions> all;
    return all[exercise];
}

class Teacher {
public:
    explicit Teacher(std::string name, Here place = {})
        : exercise(std::move(name)),
          here(place),
          suspicions(suspicions_of(exercise)) {}
    Teacher(const Teacher&) = delete;
    Teacher& operator=(const Teacher&) = delete;
    ~Teacher() {
        if (first_wrong.empty()) return;
        ADD_FAILURE_AT(here.file, here.line)
            << exercise << " is not right yet\n"
            << first_wrong << named_mistakes() << "For a hint: lessons/learn hint " << exercise
            << "\n";
    }

    // Calls `action`, which writes to `result`, and compares. What `result` held before counts: a
    // function must give it a shape and write over every number.
    template <class Action>
    void try_out(const NumbersExample& example, whirlygig::Matrix& result, Action action) {
        const Grid before = to_grid(result);
        if (!finishes(example.given, action, [&] { return unshaped(result, example.expected); }))
            return;
        compare(example, to_grid(result), before);
    }

    // Calls `action`; the numbers that it makes are compared one matrix after the other.
    template <class Action>
    bool runs(const std::string& given, Action action) {
        return finishes(given, action, [] { return ""; });
    }

    void compare(const NumbersExample& example, const Grid& got, const Grid& before = {}) {
        const double allowed = rounding * largest_number(example.expected);
        const auto tolerance = [&](double, double) { return allowed; };
        const std::string wrong = disagreement(got, example.expected, tolerance);
        note(example, got, wrong, wrong.empty() ? "" : reason(example, got, before));
    }

    // Calls `action`, which returns Pieces, and compares. An Error is a piece, too: its sentence.
    template <class Action>
    void try_out(const TextExample& example, Action action) {
        Pieces got;
        const auto pieces = [&] {
            try {
                got = action();
            } catch (const whirlygig::NotWrittenYet&) {
                throw;
            } catch (const whirlygig::Error& error) {
                got = {std::string("Error: ") + error.what()};
            }
        };
        if (!finishes(example.given, pieces, [] { return ""; })) return;
        std::string wrong;
        if (got != example.expected)
            wrong = fmt::format("got:      {}\nexpected: {}\n{}", written(got),
                                written(example.expected), first_difference(got, example.expected));
        note(example, got, wrong, "");
    }

    // For what no table can say.
    void expect(bool right, const std::string& otherwise) {
        if (right || !first_wrong.empty()) return;
        first_wrong = otherwise + (otherwise.ends_with('\n') ? "" : "\n");
    }

private:
    template <class Action, class Advice>
    bool finishes(const std::string& given, Action action, Advice advice) {
        try {
            action();
            return true;
        } catch (const whirlygig::NotWrittenYet&) {
            throw;
        } catch (const std::exception& exception) {
            expect(false, fmt::format("{}the function stopped with the error: {}\n{}{}", given,
                                      exception.what(), in_plain_words(exception.what()),
                                      std::string(advice())));
            return false;
        }
    }

    // What Boost.uBLAS says when it checks indices and sizes.
    static std::string in_plain_words(std::string_view error) {
        if (error == "bad index")
            return "A row or column was asked for that the matrix does not have: both are counted "
                   "from 0, so the last row is size1() - 1 and the last column size2() - 1.\n";
        if (error == "bad size") return "Two matrices of different shapes were put together.\n";
        return "";
    }

    static std::string unshaped(const whirlygig::Matrix& result, const Grid& expected) {
        const std::string shape = whirlygig::shape_text(result);
        if (shape == shape_text(expected)) return "";
        return fmt::format("The result has the shape {} but should have {}: resize gives a matrix "
                           "its shape, before anything is written to it.\n",
                           shape, shape_text(expected));
    }

    // Why the first wrong number may be wrong, where its looks tell.
    static std::string reason(const NumbersExample& example, const Grid& got, const Grid& before) {
        if (!same_shape(got, example.expected)) return "";
        const double allowed = rounding * largest_number(example.expected);
        for (std::size_t row = 0; row < got.size(); ++row) {
            for (std::size_t column = 0; column < got[row].size(); ++column) {
                if (agree(got[row][column], example.expected[row][column], allowed)) continue;
                if (same_shape(got, before) &&
                    same_number(got[row][column], before[row][column], 0))
                    return fmt::format("Row {}, column {} still holds what stood in the result "
                                       "before the call: nothing new was written there.\n",
                                       row, column);
                return looks(example, got[row], row, got[row][column]);
            }
        }
        return "";
    }

    static std::string looks(const NumbersExample& example, const std::vector<double>& numbers,
                             std::size_t row, double number) {
        const auto masked = [](double x) { return std::isinf(x) && x < 0; };
        if (std::all_of(numbers.begin(), numbers.end(), masked))
            return fmt::format("row {}: every score is masked, so this query could look at "
                               "nothing, not even at its own token.\n",
                               row);
        if (std::isinf(number) && number > 0)
            return "inf is infinity: larger than any number that fits, or 1 / 0.\n";
        if (!std::isnan(number)) return "";
        std::string text =
            "nan means \"not a number\": it comes out of 0 / 0, of infinity / infinity, of "
            "infinity - infinity, and of everything that is computed with a nan.\n";
        if (row < example.why_nan.size() && !example.why_nan[row].empty())
            text += fmt::format("row {}: {}.\n", row, example.why_nan[row]);
        return text;
    }

    static std::string first_difference(const Pieces& got, const Pieces& expected) {
        std::size_t place = 0;
        while (place < std::min(got.size(), expected.size()) && got[place] == expected[place])
            ++place;
        const auto at = [&](const Pieces& pieces) {
            return place < pieces.size() ? quoted(pieces[place]) : std::string("nothing");
        };
        const bool one_each = expected.size() == 1 && got.size() == 1;
        const bool refused = !expected.empty() && is_error(expected[0]);
        if (one_each || refused || (!got.empty() && is_error(got[0]))) return "";
        return fmt::format("at place {} (counted from 0) stands {} but should stand {}\n", place,
                           at(got), at(expected));
    }

    template <class Output>
    void note(const TeachingExample<Output>& example, const Output& got, const std::string& wrong,
              const std::string& why) {
        if (!wrong.empty()) expect(false, example.given + wrong + why);
        for (const auto& mistake : example.mistakes) {
            if (!suspicions.by_sentence.contains(mistake.sentence))
                suspicions.order.push_back(mistake.sentence);
            auto& suspicion = suspicions.by_sentence[mistake.sentence];
            const bool alike = same(got, mistake.output);
            suspicion.possible = suspicion.possible && alike;
            suspicion.seen = suspicion.seen || (alike && !wrong.empty());
        }
    }

    std::string named_mistakes() const {
        std::string text;
        for (const std::string& sentence : suspicions.order) {
            const auto& suspicion = suspicions.by_sentence.at(sentence);
            if (!suspicion.possible || !suspicion.seen) continue;
            text += (text.empty() ? "A known mistake gives exactly this:\n  "
                                  : "and so does another one:\n  ") +
                    sentence + "\n";
        }
        return text;
    }

    std::string exercise, first_wrong;
    Here here;
    Suspicions& suspicions;
};

} // namespace support
