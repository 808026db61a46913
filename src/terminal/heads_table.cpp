#include "terminal/heads_table.h"

#include "terminal/text_layout.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

namespace whirlygig {
namespace {

// One of the scores: its column and what a head that stands out in it does.
struct Pattern {
    std::string_view column;
    double PatternScores::*score;
    std::string_view meaning;
    std::string_view looks_most; // completes "Looks most at ..."
};

constexpr std::array<Pattern, 4> patterns{{
    {"previous", &PatternScores::previous, "weight on the token just before",
     "the token just before"},
    {"first", &PatternScores::first, "weight on the first token", "the first token"},
    {"same", &PatternScores::same,
     "weight on earlier places with the same token, where there are any",
     "earlier places with the same token"},
    {"induction", &PatternScores::induction,
     "weight on the tokens that followed this token when it came before, where it did",
     "what followed the same token before"},
}};

std::string score_text(double score) {
    return std::isnan(score) ? "-" : fmt::format("{:.2f}", score);
}

// Exactly 0 is "0"; what is only rounded to zero keeps its sign and decimals.
std::string change_text(double change) {
    return change == 0 ? "0" : fmt::format("{:+.4f}", change);
}

std::string scores_text(const PatternScores& scores) {
    std::string text;
    for (const Pattern& pattern : patterns)
        text += pad_left(score_text(scores.*pattern.score), pattern.column.size() + 2);
    text += pad_left(score_text(scores.entropy), 9);
    text += pad_left(score_text(scores.evenness), 10);
    return text;
}

std::string table(const Study& study) {
    std::string text = "block  head  without it";
    for (const Pattern& pattern : patterns)
        text += fmt::format("  {}", pattern.column);
    text += "  entropy  evenness\n";
    for (const HeadStudy& head : study.heads) {
        text +=
            fmt::format("{:>5}{:>6}{:>12}{}\n", head.block, head.head,
                        change_text(head.loss_without - study.loss), scores_text(head.patterns));
    }
    return text + fmt::format("{:<23}{}\n", "an even look", scores_text(study.even));
}

std::string legend_line(std::string_view column, std::string_view meaning, std::size_t width) {
    return wrap(fmt::format("{:<12}{}", column, meaning), width, 12) + "\n";
}

std::string legend(const Study& study, std::size_t width) {
    const std::string instead =
        study.ablation == Ablation::zero ? "0" : "their mean over all places of these texts";
    std::string text = legend_line(
        "without it",
        "how much the loss grows, in nats, when the head's mixed values are replaced by " + instead,
        width);
    for (const Pattern& pattern : patterns)
        text += legend_line(pattern.column, pattern.meaning, width);
    text += legend_line("entropy", "how spread out the weights are, in nats; 0: on one token only",
                        width);
    text += legend_line("evenness", "entropy as a share of ln(number of keys): 1 is an even look",
                        width);
    return text +
           wrap("The scores are means over the queries that have a choice: the one at place "
                "0 sees only itself and is left out.",
                width) +
           "\n";
}

std::string name_of(const HeadStudy& head) {
    return fmt::format("block {}, head {}", head.block, head.head);
}

// "Looks most at the token just before: block 0, head 1 (0.98; an even look has 0.12)."
std::string first_of(const Study& study, const Pattern& pattern) {
    const double even = study.even.*pattern.score;
    if (std::isnan(even)) {
        return fmt::format("Looks most at {}: not known, as no query here has that choice.",
                           pattern.looks_most);
    }
    const HeadStudy* best = &study.heads.at(0);
    for (const HeadStudy& head : study.heads) {
        if (head.patterns.*pattern.score > best->patterns.*pattern.score) best = &head;
    }
    const double score = best->patterns.*pattern.score;
    if (score <= even) {
        return fmt::format("Looks most at {}: no head does so more than an even look ({:.2f}); the "
                           "nearest is {} ({:.2f}).",
                           pattern.looks_most, even, name_of(*best), score);
    }
    return fmt::format("Looks most at {}: {} ({:.2f}; an even look has {:.2f}).",
                       pattern.looks_most, name_of(*best), score, even);
}

std::string in_words(const Study& study, std::size_t width) {
    const HeadStudy& dearest = study.heads.at(0);
    const double cost = dearest.loss_without - study.loss;
    std::string text =
        cost > 0 ? fmt::format("Missed most: {} ({} nats).", name_of(dearest), change_text(cost))
                 : std::string("Missed most: none; the loss does not grow without any one head.");
    text = wrap(text, width) + "\n";
    for (const Pattern& pattern : patterns)
        text += wrap(first_of(study, pattern), width) + "\n";
    return text +
           wrap("Where a head looks does not say what it does with what it finds; and a "
                "head that is not missed may have a twin that does the same.",
                width) +
           "\n";
}

std::string heading(const Study& study, const HeadsTableOptions& options) {
    std::string text =
        fmt::format("{} held-out sequences of {}: the loss is {:.4f} nats, the mean over {} "
                    "predicted tokens.",
                    study.sequences, visible(options.corpus), study.loss, study.targets);
    if (options.floor) {
        text += fmt::format(" No model can come below {:.4f} on average, the grammar's floor.",
                            *options.floor);
    }
    return wrap(text, options.width) + "\n";
}

} // namespace

std::string heads_table(const Study& study, const HeadsTableOptions& options) {
    return heading(study, options) + "\n" + table(study) + "\n" + legend(study, options.width) +
           "\n" + in_words(study, options.width);
}

} // namespace whirlygig
