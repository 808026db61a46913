// Text <-> token ids. A model knows only numbers: the text is split into pieces, and a piece's
// number is its place in the vocabulary, the list of all pieces that the model knows.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

// Words are what stands between white space; characters are Unicode code points.
enum class TokenizerKind { words, characters };

// "words" or "characters", and back; throws an Error for any other name.
std::string to_string(TokenizerKind kind);
TokenizerKind tokenizer_kind(std::string_view name);

// The next piece of the text at or behind byte `offset`, which moves behind the piece; empty at
// the text's end. Throws an Error that names the byte where the text is not valid UTF-8.
std::string_view next_piece(TokenizerKind kind, std::string_view text, std::size_t& offset);

class Tokenizer {
public:
    // Every piece of the texts once, sorted by code points: the same texts in any order give the
    // same ids. Throws an Error when there is no piece at all or more than 250,000.
    static Tokenizer from_texts(TokenizerKind kind, const std::vector<std::string>& texts);

    // The token at place i gets the id i. Throws an Error that names the token which is empty,
    // there twice, not valid UTF-8, or not one piece (a word with white space, two characters).
    static Tokenizer from_vocabulary(TokenizerKind kind, std::vector<std::string> tokens);

    TokenizerKind kind() const { return split; }
    int size() const { return static_cast<int>(tokens.size()); }
    const std::string& token(int id) const; // throws an Error unless 0 <= id < size()
    bool knows(std::string_view token) const { return ids.contains(token); }

    // The ids of the text's pieces in order; none for an empty text. Throws an Error for a piece
    // that is not in the vocabulary: a word with its place and the nearest known words, a character
    // with its place and number. Throws as next_piece does where the text is not valid UTF-8.
    std::vector<int> encode(std::string_view text) const;

    // The tokens side by side, words with a blank between them: decode(encode(text)) is the text
    // again (with words: the text with single blanks). Throws an Error for an unknown id.
    std::string decode(const std::vector<int>& ids) const;

    // Up to three known words, nearest by edit_distance first (equally near: by id), none of them
    // further away than half of the word's length. Characters have no near ones.
    std::vector<std::string> suggestions(std::string_view word) const;

private:
    Tokenizer(TokenizerKind kind, std::vector<std::string> tokens);
    [[noreturn]] void fail_unknown(std::string_view piece, std::size_t place) const;

    TokenizerKind split;
    std::vector<std::string> tokens;             // by id
    std::map<std::string, int, std::less<>> ids; // by token
};

} // namespace whirlygig
