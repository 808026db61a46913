// Lesson 6: a noun asks whether there are adjectives in front of it, with one look and with two.
#include "examples.h"
#include "grid.h"
#include "multi_head.h"

namespace whirlygig {

namespace {

// The columns of the stream. A head reads the first four and writes to the last two.
const Words columns = {"noun", "texture", "colour", "number", "my texture", "my colour"};

struct Sentence {
    Words words;
    Matrix stream; // (3, 6)
};

// A texture and a colour, each with a number that says which, and a noun that knows nothing yet.
Sentence sentence(const std::string& texture, Real texture_number, const std::string& colour,
                  Real colour_number) {
    return {
        {texture, colour, "dragon"},
        matrix_of(
            {{0, 1, 0, texture_number, 0, 0}, {0, 0, 1, colour_number, 0, 0}, {1, 0, 0, 0, 0, 0}})};
}

std::vector<Sentence> sentences() {
    return {sentence("fluffy", 1, "red", -1), sentence("plain", 0, "green", 0),
            sentence("spiky", -1, "blue", 1)};
}

LinearParameters column_of(const std::vector<Real>& weights) {
    LinearParameters parameters{Matrix(weights.size(), 1), Vector(1)};
    for (std::size_t row = 0; row < weights.size(); ++row)
        parameters.weights(row, 0) = weights[row];
    fill(parameters.bias, 0);
    return parameters;
}

// A head of width 1: nouns ask; textures and colours answer as loudly as these two keys say; and
// the value of a word is its number.
HeadParameters head_with(Real texture_key, Real colour_key) {
    return {column_of({6, 0, 0, 0, 0, 0}), column_of({0, texture_key, colour_key, 0, 0, 0}),
            column_of({0, 0, 0, 1, 0, 0})};
}

// Each head's row of the output weights says in which column it notes down what it found.
MultiHeadParameters with_heads(const std::vector<HeadParameters>& heads) {
    LinearParameters output{Matrix(heads.size(), columns.size()), Vector(columns.size())};
    fill(output.weights, 0);
    fill(output.bias, 0);
    for (std::size_t h = 0; h < heads.size(); ++h)
        output.weights(h, 4 + h) = 1;
    return {heads, output};
}

MultiHeadActivations look(const MultiHeadParameters& parameters, const Sentence& sentence) {
    MultiHeadActivations activations;
    multi_head_forward(sentence.stream, sentence.stream, parameters, Mask::causal, activations);
    return activations;
}

std::string heads_text(const MultiHeadParameters& parameters, const Sentence& sentence) {
    const MultiHeadActivations found = look(parameters, sentence);
    std::string text;
    Words names;
    for (std::size_t h = 0; h < found.heads.size(); ++h) {
        names.push_back("head " + std::to_string(h));
        text += grid(names.back() + ": attention weights", found.heads[h].attention_weights,
                     sentence.words, sentence.words, 3) +
                grid(names.back() + ": mixed", found.heads[h].mixed, sentence.words, {"number"}, 3);
    }
    text += "\n" + grid("joined: side by side", found.joined, sentence.words, names, 3);
    text += grid("output weights", parameters.output.weights, names, columns, 0);
    text += grid("output = joined · output weights", found.output, sentence.words, columns, 3);
    Matrix after;
    add(sentence.stream, found.output, after);
    return text + "\n" +
           grid("the stream with the output added", after, sentence.words, columns, 3);
}

// What the noun has noted down, in each of the sentences.
std::string notes(const std::string& title, const MultiHeadParameters& parameters) {
    Matrix notes(3, 2);
    Words names;
    for (const Sentence& each : sentences()) {
        const MultiHeadActivations found = look(parameters, each);
        for (std::size_t column = 0; column < 2; ++column)
            notes(names.size(), column) = found.output(2, 4 + column);
        names.push_back(each.words[0] + " " + each.words[1] + " dragon");
    }
    return grid(title, notes, names, {"my texture", "my colour"}, 3);
}

} // namespace

std::string heads_example() {
    const MultiHeadParameters one = with_heads({head_with(1, 1)});
    const MultiHeadParameters uneven = with_heads({head_with(1, 0.86F)});
    const MultiHeadParameters two = with_heads({head_with(1, 0), head_with(0, 1)});
    const Sentence first = sentences()[0];
    std::string text = "ONE HEAD: ADJECTIVES?\n\n";
    text += grid("the stream", first.stream, first.words, columns, 0) + "\n";
    text += heads_text(one, first) + "\nTWO HEADS: A TEXTURE? A COLOUR?\n\n";
    text += heads_text(two, first) + "\nWHAT THE NOUN NOTES DOWN\n\n";
    text += notes("one head", one) + "\n" + notes("two heads", two) + "\n";
    return text + notes("one head that looks unevenly", uneven);
}

} // namespace whirlygig
