#include "terminal/stage_reading.h"

#include "terminal/stage_name.h"
#include "terminal/text_layout.h"
#include "terminal/text_table.h"
#include "trace/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace whirlygig {
namespace {

constexpr std::size_t strongest_shown = 3;

// The columns of a row's largest numbers among the first `end`, largest first, by what `size` says.
template <class Size = std::identity>
std::vector<std::size_t> largest_columns(const Numbers& numbers, std::size_t row, std::size_t end,
                                         std::size_t count, Size size = {}) {
    std::vector<std::size_t> columns(end);
    std::iota(columns.begin(), columns.end(), std::size_t(0));
    count = std::min(count, end);
    std::partial_sort(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(count),
                      columns.end(), [&](std::size_t a, std::size_t b) {
                          const Real of_a = size(numbers(row, a)), of_b = size(numbers(row, b));
                          return of_a != of_b ? of_a > of_b : a < b;
                      });
    columns.resize(count);
    return columns;
}

std::string percent(double share) {
    if (share > 0 && share < 0.0005) return "under 0.1 %";
    if (share > 0.9995 && share < 1) return "over 99.9 %";
    return fmt::format("{:.1f} %", 100 * share);
}

// "3.2 equally likely words"
std::string choices(const TracedText& text, double loss) {
    const double count = std::exp(loss);
    const std::string number = count < 99.95     ? fmt::format("{:.1f}", count)
                               : count < 999'999 ? fmt::format("{:.0f}", count)
                                                 : number_text(count, 3);
    return fmt::format("{} equally likely {}", number, text.kind_of_tokens());
}

std::string line(const std::string& words, std::size_t width) {
    return wrap("  " + words, width, 6) + "\n";
}

// "creature (3)"; from block 1 on "place 3 (creature)".
std::string looker(const TracedText& text, const Stage& stage, std::size_t place) {
    if (rows_are_mixed(parse_stage_name(stage.name))) return text.place(place);
    return fmt::format("{} ({})", text.token_at(place), place);
}

std::string read_attention(const TracedText& text, const Stage& stage, std::size_t width,
                           std::size_t rows) {
    constexpr double hardly_anything = 0.005;
    std::string result = wrap("Who looks where, the strongest first:", width) + "\n";
    for (std::size_t row = 0; row < rows; ++row) {
        std::string words = looker(text, stage, row) + " looks at: ";
        std::string separator;
        const std::size_t visible = visible_places(text.trace, row);
        for (const std::size_t key : largest_columns(stage.values, row, visible, strongest_shown)) {
            if (!separator.empty() && stage.values(row, key) < hardly_anything) continue;
            words += fmt::format("{}{} {:.2f}", separator, looker(text, stage, key),
                                 stage.values(row, key));
            separator = ", ";
        }
        result += line(words, width);
    }
    return result;
}

// Which of the row's numbers in order of size this one is, from 1 on.
std::size_t rank_of(const Numbers& numbers, std::size_t row, std::size_t column) {
    std::size_t rank = 1;
    for (std::size_t other = 0; other < numbers.columns; ++other)
        rank += numbers(row, other) > numbers(row, column) ? 1 : 0;
    return rank;
}

// What really came next, and whether the model thought so.
std::string real_next(const TracedText& text, const Stage& stage, std::size_t place) {
    if (place + 1 >= text.trace.ids.size()) return "; the text ends here";
    const int next = text.trace.ids[place + 1];
    const auto column = static_cast<std::size_t>(next);
    const std::size_t rank = rank_of(stage.values, place, column);
    const std::string name = text.token(next);
    if (rank == 1) return fmt::format("; really {}: its first choice", name);
    if (rank <= strongest_shown) return fmt::format("; really {}: its choice {}", name, rank);
    return fmt::format("; really {}: {}, its choice {} of {}", name,
                       percent(stage.values(place, column)), rank, stage.values.columns);
}

std::string read_probabilities(const TracedText& text, const Stage& stage, std::size_t width,
                               std::size_t rows) {
    std::string result =
        wrap("The likeliest next tokens, and what really came next:", width) + "\n";
    for (std::size_t place = 0; place < rows; ++place) {
        std::string words = fmt::format("after {}: ", text.place(place));
        std::string separator;
        for (const std::size_t column :
             largest_columns(stage.values, place, stage.values.columns, strongest_shown)) {
            words += fmt::format("{}{} {}", separator, text.token(static_cast<int>(column)),
                                 percent(stage.values(place, column)));
            separator = ", ";
        }
        result += line(words + real_next(text, stage, place), width);
    }
    if (text.trace.ids.size() == 1) {
        result += wrap("One token has no next token to compare with, so there is no loss and no "
                       "backward pass: give a longer text to see them.",
                       width) +
                  "\n";
    }
    return result;
}

// The places' losses as a table or, where there is no room for one, as sentences.
std::string losses(const TracedText& text, const Stage& stage, std::size_t width,
                   std::size_t rows) {
    TableColumn after{.heads = {"after"}, .numbers = false},
        came{.heads = {"came"}, .numbers = false}, given{.heads = {"given"}},
        surprise{.heads = {"surprise"}}, unsure{.heads = {"as unsure as between"}};
    std::string sentences;
    for (std::size_t place = 0; place < rows; ++place) {
        const int next = stage.ids[place];
        const double loss = stage.values(place, 0);
        after.cells.push_back(text.place(place));
        came.cells.push_back(text.token(next));
        given.cells.push_back(
            percent(text.trace.activations.probabilities(place, static_cast<std::size_t>(next))));
        surprise.cells.push_back(fmt::format("{:.3f}", loss));
        unsure.cells.push_back(choices(text, loss));
        sentences += line(fmt::format("after {} came {}, given {}: surprise {}, as unsure as "
                                      "between {}",
                                      after.cells.back(), came.cells.back(), given.cells.back(),
                                      surprise.cells.back(), unsure.cells.back()),
                          width);
    }
    const std::string table = table_text({after, came, given, surprise, unsure}, width);
    return table.empty() ? sentences : table;
}

std::string read_loss(const TracedText& text, const Stage& stage, std::size_t width,
                      std::size_t rows) {
    const double mean = mean_loss(text.trace);
    const std::size_t vocabulary = text.trace.model->config.vocabulary;
    return wrap("The surprise is measured in nats: 0 is none, and each 0.69 more means as much as "
                "twice as many words to choose from.",
                width) +
           "\n" + losses(text, stage, width, rows) +
           wrap(fmt::format("The mean over the text, which training makes smaller: {:.3f} nats, as "
                            "unsure as between {}. A model that knows nothing would be at log({}) "
                            "= {:.3f}.",
                            mean, choices(text, mean), vocabulary,
                            std::log(static_cast<double>(vocabulary))),
                width) +
           "\n";
}

// The same numbers that the norm divides by: the spread includes epsilon.
std::string read_norm(const TracedText& text, const Stage& stage, std::size_t width,
                      std::size_t rows, int digits) {
    const Numbers& input = stage.made_from[0].numbers;
    TableColumn label{.numbers = false}, means{.heads = {"mean"}}, spreads{.heads = {"spread"}};
    for (std::size_t row = 0; row < rows; ++row) {
        double mean = 0, variance = 0;
        const auto count = static_cast<double>(input.columns);
        for (std::size_t column = 0; column < input.columns; ++column)
            mean += input(row, column) / count;
        for (std::size_t column = 0; column < input.columns; ++column)
            variance += (input(row, column) - mean) * (input(row, column) - mean) / count;
        label.cells.push_back(cut(row_label(text, stage, row), width / 3));
        means.cells.push_back(number_text(mean, digits));
        spreads.cells.push_back(number_text(std::sqrt(variance + stage.constant), digits));
    }
    return wrap("What the layer norm took out of each row (of " + stage.made_from[0].name + "):",
                width) +
           "\n" + table_text({label, means, spreads}, width);
}

} // namespace

std::string reading_of(const TracedText& text, const Stage& stage, std::size_t width,
                       std::size_t most_rows, int digits) {
    const StageName name = parse_stage_name(stage.name);
    const std::size_t rows = std::min(most_rows, stage.values.rows);
    if (stage.operation == Operation::normalise) return read_norm(text, stage, width, rows, digits);
    if (stage.operation == Operation::cross_entropy) return read_loss(text, stage, width, rows);
    if (name.gradient) return "";
    if (name.role == "attention_weights") return read_attention(text, stage, width, rows);
    if (name.role == "probabilities") return read_probabilities(text, stage, width, rows);
    return "";
}

std::string largest_of_each_row(const TracedText& text, const Stage& stage, std::size_t count,
                                std::size_t width, std::size_t most_rows, int digits) {
    const bool gradient = parse_stage_name(stage.name).gradient;
    const auto size = [&](Real number) { return gradient ? std::abs(number) : number; };
    std::string result;
    for (std::size_t row = 0; row < std::min(most_rows, stage.values.rows); ++row) {
        std::string words = row_label(text, stage, row) + ":";
        std::string separator = " ";
        for (const std::size_t column :
             largest_columns(stage.values, row, stage.values.columns, count, size)) {
            const Real number = stage.values(row, column);
            if (gradient && number == 0) continue;
            words += fmt::format("{}{} {}", separator, text.token(static_cast<int>(column)),
                                 number_text(number, digits));
            separator = ", ";
        }
        result += line(separator == " " ? words + " all 0" : words, width);
    }
    return result;
}

} // namespace whirlygig
