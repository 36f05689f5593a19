#include "neat/files/picbreeder_element.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/error.hpp"
#include "neat/files/picbreeder_text.hpp"

namespace skein::neat {

namespace {

/// One <genome> on its way to an AnnotatedGenome.
class Reader {
 public:
  Reader(pugi::xml_node element, std::string where) : element_(element), where_(std::move(where)) {}

  AnnotatedGenome read() {
    read_identity();
    find_last_used();
    read_words();
    read_nodes();
    read_links();
    order_nodes();
    add_node_biases();
    try {
      validate(result_.genome);
    } catch (const ConfigError& error) {
      fail(error.what());
    }
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& cause) const { throw FormatError(where_ + ": " + cause); }
  void warn(std::string oddity) { result_.notes.warnings.push_back(std::move(oddity)); }

  void read_identity() {
    const auto own = marking_of(element_.child("identifier"));
    if (own) result_.notes.identifier = *own;
    else warn("the genome has no identifier; (0, 0) is used");
    for (const pugi::xml_node parent : element_.child("parents").children("identifier"))
      if (const auto marking = marking_of(parent)) result_.notes.parents.push_back(*marking);
    for (const pugi::xml_node button : element_.child("buttons").children("colorButton")) {
      std::string_view label = trimmed(button.child("text").text().get());
      for (auto mark = label.rfind(":="); mark != std::string_view::npos; mark = label.rfind(":=")) {
        if (!parse_number<int>(label.substr(mark + 2))) break;
        label = trimmed(label.substr(0, mark));
      }
      labels_[button.child("color-label").attribute("id").value()] = label;
    }
  }

  void read_nodes() {
    for (const pugi::xml_node element : element_.child("nodes").children("node")) read_node(element);
    if (result_.genome.nodes.empty()) fail("the genome has no nodes");
  }

  void read_node(const pugi::xml_node& element) {
    const auto id = marking_of(element.child("marking"));
    if (!id)
      warn("a node has no marking of a branch and a whole id; it is given one, and no link reaches it");
    Node node{id ? *id : unused(), NodeRole::hidden, Activation::identity};
    const std::string_view type = element.attribute("type").value(),
                           label = element.attribute("label").value();
    if (type == "in") node.role = NodeRole::input;
    else if (type == "out") node.role = NodeRole::output;
    else if (!type.empty() && type != "hidden")
      fail("node " + text(node.id) + " has the type " + in_quotes(type) + "; known are in, out and hidden");
    node.activation = read_activation(element.child("activation").text().get(), node.id);
    if (node.role == NodeRole::input && node.activation != Activation::identity)
      warn("the input " + in_quotes(label) + " has an activation; inputs are passed on as they are");
    if (const auto [seen, is_new] = nodes_seen_.emplace(node.id, node); !is_new && seen->second == node) {
      warn("node " + text(node.id) + " is listed twice; the second is left out");
      return;
    }
    if (node.role != NodeRole::hidden) names_.emplace(node.id, std::string(label));
    read_bias(element, node);
    result_.genome.nodes.push_back(node);
  }

  void read_bias(const pugi::xml_node& element, const Node& node) {
    const pugi::xml_attribute bias = element.attribute("bias");
    if (!bias) return;
    const auto value = parse_number<double>(bias.value());
    if (!value) warn("node " + text(node.id) + " has a bias that is no number; it is left out");
    else if (*value != 0 && node.role == NodeRole::input)
      warn("the input " + text(node.id) + " has a bias of its own; inputs are passed on as they are");
    else if (*value != 0) biases_.emplace_back(node.id, *value);
  }

  Activation read_activation(std::string_view written, Marking id) {
    std::string_view plain = trimmed(written);
    if (plain.ends_with("(x)")) plain.remove_suffix(3);
    if (plain.empty()) {
      warn("node " + text(id) + " has no activation; identity is used");
      return Activation::identity;
    }
    if (const auto activation = parse_activation(plain)) return *activation;
    std::string known;
    for (const Activation each : all_activations)
      known += (known.empty() ? "" : ", ") + std::string(name(each));
    fail("node " + text(id) + " has the activation " + in_quotes(written) + "; known are " + known);
  }

  void read_links() {
    for (const pugi::xml_node element : element_.child("links").children("link")) read_link(element);
  }

  void read_link(const pugi::xml_node& element) {
    const auto marked = marking_of(element.child("marking"));
    const Marking id = marked ? *marked : unused();
    if (!marked) warn("a link has no marking of a branch and a whole id; it is given " + text(id));
    const auto source = marking_of(element.child("source")), target = marking_of(element.child("target"));
    for (const char* end : {"source", "target"})
      if (!marking_of(element.child(end)))
        fail("link " + text(id) + ": its " + end + " " + end_problem(element.child(end)));
    const char* written = element.child("weight").text().get();
    const auto weight = parse_number<double>(written);
    if (!weight) fail("link " + text(id) + " has the weight " + in_quotes(written) + ", which is no number");
    const std::string_view enabled = element.attribute("enabled").value();
    Link link{id, *source, *target, *weight, enabled != "false" && enabled != "0"};
    if (const auto into = nodes_seen_.find(*target);
        into != nodes_seen_.end() && into->second.role == NodeRole::input) {
      warn("link " + text(id) + " enters an input, where it has no effect; it is left out");
      return;
    }
    if (const auto [seen, is_new] = links_seen_.emplace(id, link); !is_new) {
      if (seen->second == link) {
        warn("link " + text(id) + " is listed twice; the second is left out");
        return;
      }
      link.id = unused();
      warn("two links are marked " + text(id) + "; the second is given " + text(link.id));
    }
    result_.genome.links.push_back(link);
    read_label(element, link.id);
  }

  /// Why an end of a link names no node.
  static std::string end_problem(const pugi::xml_node& end) {
    if (!end) return "is missing";
    const char* id = end.attribute("id").value();
    if (!parse_number<std::int32_t>(id)) return "has the id " + in_quotes(id) + ", which is no whole number";
    return "has no branch";
  }

  void read_label(const pugi::xml_node& element, Marking link) {
    const auto label = labels_.find(element.child("color-label").attribute("id").value());
    if (label == labels_.end() || label->second.empty()) return;
    LinkLabel result{link, label->second};
    const pugi::xml_node range = element.child("bookends");
    const auto bound = [&](const char* which, double& value) {
      if (const auto number = parse_number<double>(range.attribute(which).value())) value = *number;
      else if (range)
        warn("link " + text(link) + " has a sweep without a " + which + "; the usual one is used");
    };
    bound("start", result.sweep_start);
    bound("end", result.sweep_end);
    bound("step", result.sweep_step);
    result_.notes.labels.push_back(std::move(result));
  }

  void find_last_used() {
    bool any = false;
    for (const char* genes : {"nodes", "links"})
      for (const pugi::xml_node gene : element_.child(genes).children()) {
        const auto marking = marking_of(gene.child("marking"));
        if (!marking) continue;
        if (!any) last_used_ = {marking->branch, 0};
        any = true;
        if (marking->branch == last_used_.branch) last_used_.id = std::max(last_used_.id, marking->id);
      }
  }

  /// Keeps the words that stand where branches are numbers, and says once which they are.
  void read_words() {
    std::set<std::string, std::less<>> in_genes;
    const auto read = [&](const pugi::xml_node& marking) {
      const std::string_view written = trimmed(marking.attribute("branch").value());
      if (written.empty() || parse_number<std::int32_t>(written)) return false;
      add_word(result_.notes.branch_words, written);
      return true;
    };
    for (const char* genes : {"nodes", "links"})
      for (const pugi::xml_node gene : element_.child(genes).children())
        if (const pugi::xml_node marking = gene.child("marking"); read(marking))
          in_genes.emplace(trimmed(marking.attribute("branch").value()));
    for (const std::string& word : in_genes)
      warn("the branch " + in_quotes(word) + " is a word; here the number " +
           std::to_string(branch_of_word(word)) + " stands for it");
    read(element_.child("identifier"));
    for (const pugi::xml_node parent : element_.child("parents").children("identifier")) read(parent);
  }

  /// A marking that no gene has, in the branch of the first node.
  Marking unused() {
    if (last_used_.id == std::numeric_limits<std::int32_t>::max())
      fail("no marking is left for an added gene");
    ++last_used_.id;
    return last_used_;
  }

  /// Moves the node with that role and name to the end of `ordered`; adds one where there is none.
  void place(NodeRole role, const std::string& wanted, const std::string& other_name,
             std::vector<Node>& ordered) {
    auto& nodes = result_.genome.nodes;
    const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) {
      if (node.role != role) return false;
      const std::string& called = names_.at(node.id);
      return called == wanted || (!other_name.empty() && called == other_name);
    });
    if (found != nodes.end()) {
      ordered.push_back(*found);
      nodes.erase(found);
      return;
    }
    warn("the genome has no node '" + wanted + "'; one without links is added");
    ordered.push_back({unused(), role, Activation::identity});
  }

  void order_nodes() {
    auto& genome = result_.genome;
    const auto has_output = [&](std::string_view called) {
      return std::any_of(genome.nodes.begin(), genome.nodes.end(), [&](const Node& node) {
        return node.role == NodeRole::output && names_.at(node.id) == called;
      });
    };
    const bool colour = has_output("hue") || has_output("saturation");
    if (!colour && !has_output("ink") && !has_output("brightness"))
      fail("the genome has no output called ink or brightness; its outputs are " + output_names() +
           " (ink, or hue, saturation and brightness, are read)");
    genome.signature.inputs = picture_signature().inputs;
    genome.signature.outputs = colour ? picture_signature().outputs : std::vector<std::string>{"ink"};
    std::vector<Node> ordered;
    for (const std::string& input : genome.signature.inputs) place(NodeRole::input, input, "", ordered);
    for (const std::string& output : genome.signature.outputs)
      place(NodeRole::output, output,
            output == "ink"          ? "brightness"
            : output == "brightness" ? "ink"
                                     : "",
            ordered);
    for (const Node& node : genome.nodes)
      if (node.role != NodeRole::hidden)
        fail("node " + text(node.id) + " is " + (node.role == NodeRole::input ? "an input" : "an output") +
             " called " + in_quotes(names_.at(node.id)) +
             "; inputs are x, y, d, bias and outputs ink, or hue, saturation, brightness, " + "each once");
    genome.nodes.insert(genome.nodes.begin(), ordered.begin(), ordered.end());
  }

  std::string output_names() const {
    std::string all;
    for (const Node& node : result_.genome.nodes)
      if (node.role == NodeRole::output) all += (all.empty() ? "" : ", ") + in_quotes(names_.at(node.id));
    return all.empty() ? "none" : all;
  }

  void add_node_biases() {
    auto& genome = result_.genome;
    const Marking bias = genome.nodes[3].id;
    for (const auto& [node, value] : biases_) {
      warn("node " + text(node) + " has a bias of its own; it is read as a link from the input 'bias'");
      genome.links.push_back({unused(), bias, node, value});
    }
  }

  pugi::xml_node element_;
  std::string where_;
  AnnotatedGenome result_;
  std::map<std::string, std::string, std::less<>> labels_;  ///< of buttons, by the id that links name
  Marking last_used_;  ///< the highest id in the branch where genes are added
  std::map<Marking, Node> nodes_seen_;
  std::map<Marking, Link> links_seen_;
  std::map<Marking, std::string> names_;  ///< of inputs and outputs
  std::vector<std::pair<Marking, double>> biases_;
};

}  // namespace

AnnotatedGenome read_genome_element(const pugi::xml_node& element, const std::string& where) {
  return Reader(element, where).read();
}

}  // namespace skein::neat
