#include "typed_text.h"

#include "error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace whirlygig {
namespace {

std::size_t start_of_last_word(std::string_view text) {
    const std::size_t blank = text.find_last_of(' ');
    return blank == std::string_view::npos ? 0 : blank + 1;
}

// Words of the vocabulary that begin as the last one of the text.
std::vector<std::string> completions(const State& state, std::string_view text) {
    std::vector<std::string> words;
    if (!state.folder.wording.tokenizer) return words;
    const Tokenizer& tokenizer = *state.folder.wording.tokenizer;
    if (tokenizer.kind() != TokenizerKind::words) return words;
    const std::string_view last = text.substr(start_of_last_word(text));
    if (last.empty() || tokenizer.knows(last)) return words;
    for (int id = 0; id < tokenizer.size() && words.size() < 4; ++id) {
        if (tokenizer.token(id).starts_with(last)) words.push_back(tokenizer.token(id));
    }
    return words;
}

std::string with_last_word(const std::string& text, const std::string& word) {
    return text.substr(0, start_of_last_word(text)) + word;
}

// The first wrong word of the text replaced.
std::string with_known_word(const State& state, const std::string& text, const std::string& word) {
    const std::vector<std::string_view> unknown = unknown_pieces(state, text);
    if (unknown.empty()) return text;
    const auto at = static_cast<std::size_t>(unknown[0].data() - text.data());
    return std::string(text).replace(at, unknown[0].size(), word);
}

// For someone who has no idea what the model knows.
std::string known_words(const State& state) {
    const Tokenizer& tokenizer = *state.folder.wording.tokenizer;
    if (tokenizer.kind() != TokenizerKind::words) return "";
    constexpr int shown = 8;
    std::vector<std::string> words;
    for (int i = 0; i < std::min(shown, tokenizer.size()); ++i)
        words.push_back(tokenizer.token(i * tokenizer.size() / std::min(shown, tokenizer.size())));
    return fmt::format(". It has {} words, for example {}", tokenizer.size(),
                       fmt::join(words, ", "));
}

} // namespace

std::vector<std::string_view> unknown_pieces(const State& state, std::string_view text) {
    std::vector<std::string_view> unknown;
    if (!state.folder.wording.tokenizer) return unknown;
    const Tokenizer& tokenizer = *state.folder.wording.tokenizer;
    std::size_t offset = 0;
    try {
        while (true) {
            const std::string_view piece = next_piece(tokenizer.kind(), text, offset);
            if (piece.empty()) return unknown;
            if (!tokenizer.knows(piece)) unknown.push_back(piece);
        }
    } catch (const Error&) {
        return unknown; // here begins what is not valid UTF-8
    }
}

std::vector<std::string_view> wrong_pieces(const State& state, std::string_view text) {
    std::vector<std::string_view> wrong = unknown_pieces(state, text);
    const bool ends_the_text = !wrong.empty() && wrong.back().end() == text.end();
    if (ends_the_text && !completions(state, text).empty()) wrong.pop_back();
    return wrong;
}

void look_at_typed(State& state) {
    TextBox& box = state.text;
    box.complaint.clear();
    box.suggestions.clear();
    const std::vector<std::string_view> wrong = wrong_pieces(state, box.typed);
    if (wrong.empty()) return;
    const std::string_view first = wrong.front();
    box.complaint = fmt::format("\"{}\" is not in the vocabulary", first);
    box.suggestions = state.folder.wording.tokenizer->suggestions(first);
    if (!box.suggestions.empty()) {
        box.complaint += fmt::format("; did you mean {}?", fmt::join(box.suggestions, " or "));
    } else {
        box.complaint += known_words(state);
    }
}

std::vector<std::string> offered_words(const State& state, const std::string& text) {
    return state.text.complaint.empty() ? completions(state, text) : state.text.suggestions;
}

std::string with_offer(const State& state, const std::string& text, const std::string& word) {
    return state.text.complaint.empty() ? with_last_word(text, word)
                                        : with_known_word(state, text, word);
}

std::string completed(const State& state, const std::string& text) {
    const std::vector<std::string> words = offered_words(state, text);
    return words.empty() ? text : with_offer(state, text, words.front());
}

} // namespace whirlygig
