#include "text/tokenizer.h"

#include "error.h"
#include "text/edit_distance.h"
#include "text/utf8.h"

#include <algorithm>
#include <set>
#include <utility>

namespace whirlygig {

namespace {

constexpr std::size_t largest_vocabulary = 250'000;

std::string_view next_word(std::string_view text, std::size_t& offset) {
    std::size_t start = offset;
    while (offset < text.size() && is_white_space(next_code_point(text, offset)))
        start = offset;
    std::size_t end = offset = start;
    while (offset < text.size() && !is_white_space(next_code_point(text, offset)))
        end = offset;
    offset = end;
    return text.substr(start, end - start);
}

std::string_view next_character(std::string_view text, std::size_t& offset) {
    const std::size_t start = offset;
    if (offset < text.size()) next_code_point(text, offset);
    return text.substr(start, offset - start);
}

void check_token(TokenizerKind kind, const std::string& token, std::size_t id) {
    if (token.empty()) fail("the token with the id {} is empty", id);
    if (first_invalid_byte(token))
        fail("the token {} (id {}) is not valid UTF-8", in_quotes(token), id);
    std::size_t offset = 0;
    if (next_piece(kind, token, offset).size() == token.size()) return;
    if (kind == TokenizerKind::words)
        fail("the token {} (id {}) has white space in it, so it is no word", in_quotes(token), id);
    fail("the token {} (id {}) is not a single character", in_quotes(token), id);
}

} // namespace

std::string to_string(TokenizerKind kind) {
    return kind == TokenizerKind::words ? "words" : "characters";
}

TokenizerKind tokenizer_kind(std::string_view name) {
    if (name == "words") return TokenizerKind::words;
    if (name == "characters") return TokenizerKind::characters;
    fail("there is no tokenizer {}; choose words or characters", in_quotes(name));
}

std::string_view next_piece(TokenizerKind kind, std::string_view text, std::size_t& offset) {
    return kind == TokenizerKind::words ? next_word(text, offset) : next_character(text, offset);
}

Tokenizer::Tokenizer(TokenizerKind kind, std::vector<std::string> tokens_by_id)
    : split(kind),
      tokens(std::move(tokens_by_id)) {
    for (std::size_t id = 0; id < tokens.size(); ++id)
        ids.emplace(tokens[id], static_cast<int>(id));
}

Tokenizer Tokenizer::from_texts(TokenizerKind kind, const std::vector<std::string>& texts) {
    // Keeps each piece once, sorted. Sorting UTF-8 by bytes sorts it by code points too.
    std::set<std::string, std::less<>> pieces;
    // EXERCISE 1 collect_pieces
    throw NotWrittenYet("collect_pieces", 1);
    // END
    if (pieces.empty()) fail("the texts are empty: there is nothing to make a vocabulary of");
    if (pieces.size() > largest_vocabulary)
        fail("the texts have more than {} different {}; use a smaller corpus", largest_vocabulary,
             to_string(kind));
    return Tokenizer(kind, {pieces.begin(), pieces.end()});
}

Tokenizer Tokenizer::from_vocabulary(TokenizerKind kind, std::vector<std::string> tokens) {
    if (tokens.empty()) fail("the vocabulary is empty; it needs at least one token");
    if (tokens.size() > largest_vocabulary)
        fail("the vocabulary has {} tokens, more than {}", tokens.size(), largest_vocabulary);
    std::map<std::string_view, std::size_t> seen;
    for (std::size_t id = 0; id < tokens.size(); ++id) {
        check_token(kind, tokens[id], id);
        const auto [first, added] = seen.emplace(tokens[id], id);
        if (!added)
            fail("the token {} has two ids, {} and {}", in_quotes(tokens[id]), first->second, id);
    }
    return Tokenizer(kind, std::move(tokens));
}

const std::string& Tokenizer::token(int id) const {
    if (id < 0 || id >= size())
        fail("there is no token with the id {}: the vocabulary has {} tokens, counted from 0", id,
             size());
    return tokens[static_cast<std::size_t>(id)];
}

std::vector<int> Tokenizer::encode(std::string_view text) const {
    std::vector<int> result;
    // EXERCISE 1 encode
    throw NotWrittenYet("encode", 1);
    // END
    return result;
}

void Tokenizer::fail_unknown(std::string_view piece, std::size_t place) const {
    if (split == TokenizerKind::characters) {
        std::size_t start = 0;
        const auto number = static_cast<std::uint32_t>(next_code_point(piece, start));
        fail("the character {} (U+{:04X}, character {} of the text) is not in the vocabulary; "
             "leave it out or train on a corpus that has it",
             in_quotes(piece), number, place);
    }
    std::vector<std::string> near;
    for (const std::string& word : suggestions(piece))
        near.push_back(in_quotes(word));
    if (near.empty())
        fail("the word {} (word {} of the text) is not in the vocabulary, and no known word is "
             "like it",
             in_quotes(piece), place);
    fail("the word {} (word {} of the text) is not in the vocabulary; did you mean {}?",
         in_quotes(piece), place, fmt::join(near, " or "));
}

std::string Tokenizer::decode(const std::vector<int>& token_ids) const {
    std::string text;
    // EXERCISE 1 decode
    throw NotWrittenYet("decode", 1);
    // END
    return text;
}

std::vector<std::string> Tokenizer::suggestions(std::string_view word) const {
    constexpr std::size_t longest = 64; // so that a whole page in a text box costs no time
    if (split != TokenizerKind::words || word.size() > 4 * longest) return {};
    const std::u32string letters = code_points(word);
    const std::size_t furthest = (letters.size() + 1) / 2;
    std::vector<std::pair<std::size_t, int>> near; // distance, id
    for (int id = 0; id < size(); ++id) {
        if (token(id).size() > 4 * longest) continue;
        const std::u32string known = code_points(token(id));
        const auto [shorter, longer] = std::minmax({letters.size(), known.size()});
        if (longer > longest || longer - shorter > furthest) continue;
        const std::size_t distance = edit_distance(letters, known);
        if (distance <= furthest) near.emplace_back(distance, id);
    }
    std::sort(near.begin(), near.end());
    std::vector<std::string> words;
    for (std::size_t index = 0; index < std::min<std::size_t>(near.size(), 3); ++index)
        words.push_back(token(near[index].second));
    return words;
}

} // namespace whirlygig
