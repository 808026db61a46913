// Lesson 3: eyes that skim a review for a product are a head built by hand.
#include "attention.h"
#include "examples.h"
#include "exponential.h"
#include "grid.h"
#include "softmax.h"
#include "text/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {

namespace {

constexpr std::size_t letters = 26;

Words words_of(const std::string& text) {
    Words words;
    for (std::size_t offset = 0; offset < text.size();)
        words.emplace_back(next_piece(TokenizerKind::words, text, offset));
    return words;
}

// A row for each word: 1 for each letter of the alphabet that the word has, small or capital.
Matrix letters_of(const Words& words) {
    Matrix rows(words.size(), letters);
    fill(rows, 0);
    for (std::size_t row = 0; row < words.size(); ++row) {
        for (const char sign : words[row]) {
            const int small = sign >= 'A' && sign <= 'Z' ? sign - 'A' + 'a' : sign;
            if (small >= 'a' && small <= 'z') rows(row, static_cast<std::size_t>(small - 'a')) = 1;
        }
    }
    return rows;
}

// How good each word is by itself: 1, −1, or 0 when it is neither good nor bad.
Matrix goodness_of(const Words& words) {
    Matrix goodness(words.size(), 1);
    fill(goodness, 0);
    for (std::size_t row = 0; row < words.size(); ++row) {
        if (words[row] == "great" || words[row] == "lovely") goodness(row, 0) = 1;
        if (words[row] == "awful" || words[row] == "broken") goodness(row, 0) = -1;
    }
    return goodness;
}

// A value for each place: the goodness of the words there, up to two before it and two behind it.
Matrix surroundings(const Matrix& goodness) {
    constexpr std::size_t reach = 2;
    Matrix values(goodness.size1(), 1);
    for (std::size_t place = 0; place < goodness.size1(); ++place) {
        const std::size_t first = place - std::min(place, reach);
        const std::size_t last = std::min(place + reach, goodness.size1() - 1);
        values(place, 0) = 0;
        for (std::size_t near = first; near <= last; ++near)
            values(place, 0) += goodness(near, 0);
    }
    return values;
}

// The softmax of one row in its three steps.
std::string softmax_by_hand(const Matrix& scores) {
    Matrix shares;
    softmax_forward(scores, shares);
    Real largest = scores(0, 0), sum = 0;
    for (std::size_t column = 0; column < scores.size2(); ++column)
        largest = std::max(largest, scores(0, column));
    std::string text = "score   minus the largest   exp of it   share of the sum\n";
    for (std::size_t column = 0; column < scores.size2(); ++column) {
        const Real less = scores(0, column) - largest;
        sum += exponential(less);
        text += fmt::format("{:>5}   {:>17}   {:>9}   {:>16}\n", number(scores(0, column), 0),
                            number(less, 0), number(exponential(less), 3),
                            number(shares(0, column), 3));
    }
    return text + fmt::format("sum {:>33} {:>18}\n", number(sum, 3), number(1, 3));
}

struct Review {
    Words words;
    Matrix goodness, values, attention_weights, mixed;
};

// The head: the product's letters are the query, each word's letters a key.
Review judge(const std::string& text, const Words& products) {
    Review review;
    review.words = words_of(text);
    review.goodness = goodness_of(review.words);
    review.values = surroundings(review.goodness);
    Matrix scores;
    attention_scores(letters_of(products), letters_of(review.words), scores);
    softmax_forward(scores, review.attention_weights);
    mix_values(review.attention_weights, review.values, review.mixed);
    return review;
}

// What an even look at every word finds: all scores are 0.
Real even_look(const Review& review) {
    Matrix scores(1, review.words.size()), weights, mixed;
    fill(scores, 0);
    softmax_forward(scores, weights);
    mix_values(weights, review.goodness, mixed);
    return mixed(0, 0);
}

// What the head finds when each value is only its own word's goodness.
Real own_word_only(const Review& review) {
    Matrix mixed;
    mix_values(review.attention_weights, review.goodness, mixed);
    return mixed(0, 0);
}

// The goodness of the words and the values, which are columns, each written as a row.
std::string both_rows(const Review& review) {
    Matrix rows(2, review.words.size());
    for (std::size_t place = 0; place < review.words.size(); ++place) {
        rows(0, place) = review.goodness(place, 0);
        rows(1, place) = review.values(place, 0);
    }
    return grid("3. the goodness of each word, and the values: the sum around each place", rows,
                {"goodness", "values"}, review.words, 0);
}

// One review judged in three ways.
std::string judgements(const std::string& sentence, const Words& products) {
    const Review review = judge(sentence, products);
    return fmt::format("  {}\n    even look {:>6}      own word only {:>6}      the head {:>6}\n",
                       sentence, number(even_look(review), 3), number(own_word_only(review), 3),
                       number(review.mixed(0, 0), 3));
}

} // namespace

std::string looking_example() {
    const Words products = {"WhirlyGigs", "SpinTops"};
    const std::string sentence = "the WhirlyGigs were great but the SpinTops were awful";
    const Review review = judge(sentence, products);
    Matrix scores;
    attention_scores(letters_of(products), letters_of(review.words), scores);
    std::string text =
        grid("1. scores: how many letters they have in common", scores, products, review.words, 0);
    text += "\n" + grid("2. attention weights: softmax of each row", review.attention_weights,
                        products, review.words, 3);
    text += "\n" + both_rows(review);
    text += "\n" +
            grid("4. mixed = attention weights · values", review.mixed, products, {"judgement"}, 3);
    text += "\nThe softmax of the scores 2, 1 and 0, step by step:\n";
    text += softmax_by_hand(matrix_of({{2, 1, 0}}));

    text += "\nWhat three ways of reading find out about the WhirlyGigs:\n";
    text += judgements(sentence, products);
    text += judgements("the SpinTops were great but the WhirlyGigs were awful", products);
    text += judgements("the ZoomCars were great and the WhirlyGigs were awful and the SpinTops "
                       "were lovely",
                       products);
    text += judgements("the SpinTops were great but the WhirlyGigs were really awful", products);

    text += "\nThe softmax of 102, 101 and 100:\n";
    text += softmax_by_hand(matrix_of({{102, 101, 100}}));
    text += "\nThe softmax of 4, 2 and 0:\n";
    return text + softmax_by_hand(matrix_of({{4, 2, 0}}));
}

} // namespace whirlygig
