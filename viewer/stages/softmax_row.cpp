#include "stages/softmax_row.h"

#include "terminal/stage_labels.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {

SoftmaxRow read_row(Inset& inset) {
    const std::size_t row = inset.moment.row;
    const std::shared_ptr<const Expression> explained =
        inset.state.explained(inset.stage, row, inset.moment.column);
    const Expression& expression = *explained;
    const Expression& all = expression.parts.at(1);
    SoftmaxRow result{inset, {}, all.parts.size(), all.value};
    for (std::size_t column = 0; column < all.parts.size(); ++column) {
        const Expression& less = all.parts[column].parts.at(0);
        result.scores.push_back({column, less.parts.at(0).value, less.value,
                                 all.parts[column].value, inset.stage.values(row, column)});
    }
    return result;
}

void keep_largest(SoftmaxRow& row, std::size_t room) {
    std::vector<Score>& scores = row.scores;
    std::stable_sort(scores.begin(), scores.end(),
                     [](const Score& a, const Score& b) { return a.score > b.score; });
    scores.resize(std::min(scores.size(), std::max<std::size_t>(room, 1)));
    if (row.inset.stage.columns == Axis::vocabulary) return;
    std::sort(scores.begin(), scores.end(),
              [](const Score& a, const Score& b) { return a.column < b.column; });
}

std::string caption_of(const SoftmaxRow& row) {
    const Inset& inset = row.inset;
    const std::string place = inset.state.traced_text().place(inset.moment.row);
    if (inset.stage.columns == Axis::vocabulary)
        return fmt::format("The logits of {} become probabilities. Bars: the exponentials, then "
                           "their shares, from 0 to 1.",
                           place);
    return fmt::format("The scores with which {} looks at each place become shares of its "
                       "attention. Bars: the exponentials, then their shares, from 0 to 1.",
                       place);
}

std::string label_of(const SoftmaxRow& row, const Score& score) {
    const TracedText text = row.inset.state.traced_text();
    if (row.inset.stage.columns == Axis::vocabulary)
        return text.token(static_cast<int>(score.column));
    return fmt::format("{} {}", score.column, text.token_at(score.column));
}

std::array<std::string, 4> numbers_of(const SoftmaxRow& row, std::size_t index) {
    const Score& score = row.scores[index];
    const double appeared = row.appeared(index);
    return {number_text(score.score, 4), appeared > 0 ? number_text(score.less_largest, 4) : "",
            appeared > 0.5 ? share_text(score.exponential, 3) : "",
            row.dividing() > 0 ? share_text(score.share, 3) : ""};
}

} // namespace whirlygig
