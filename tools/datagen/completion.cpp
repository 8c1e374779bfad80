// `datagen completion bash|zsh|fish`: scripts generated from the tree of commands, so they cannot
// lag behind it.

#include "tools/datagen/commands.hpp"

#include <iostream>

namespace datagen::tools {

namespace {

/// One command with everything that may follow it.
struct node {
  std::string path;   ///< "datagen inspect verdict"
  std::string words;  ///< Subcommands and flags, separated by blanks.
};

void collect(const CLI::App& app, const std::string& path, std::vector<node>& nodes) {
  node here{path, {}};
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* x : commands)
    here.words += (here.words.empty() ? "" : " ") + x->get_name();
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames())
      here.words += (here.words.empty() ? "--" : " --") + name;
  for (const auto* x : commands)
    collect(*x, path + " " + x->get_name(), nodes);
  nodes.push_back(std::move(here));  // deeper paths first: the first match is the longest
}

std::string cases(const std::vector<node>& nodes, const std::string& command) {
  std::string result;
  for (const auto& x : nodes)
    result += "    \"" + x.path + "\"*) " + command + " \"" + x.words + "\" ;;\n";
  return result;
}

std::string bash_script(const std::vector<node>& nodes) {
  return "_datagen() {\n"
         "  local path=datagen word words=\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \"$word\" in -*) ;; *) path=\"$path $word\" ;; esac\n"
         "  done\n"
         "  set_words() { words=\"$1\"; }\n"
         "  case \"$path\" in\n" +
         cases(nodes, "set_words") +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "complete -o default -F _datagen datagen\n";
}

std::string zsh_script(const std::vector<node>& nodes) {
  return "#compdef datagen\n"
         "_datagen() {\n"
         "  local path_=datagen word\n"
         "  for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
         "    case \"$word\" in -*) ;; *) path_=\"$path_ $word\" ;; esac\n"
         "  done\n"
         "  offer() { compadd -- ${=1}; _files }\n"
         "  case \"$path_\" in\n" +
         cases(nodes, "offer") +
         "  esac\n"
         "}\n"
         "compdef _datagen datagen\n";
}

std::string fish_script(const std::vector<node>& nodes) {
  std::string result =
    "function __datagen_at\n"
    "  set -l words (string match -v -- '-*' (commandline -opc))\n"
    "  string match -q -- \"$argv[1]*\" \"$words\"; or return 1\n"
    "  for deeper in $argv[2..]\n"
    "    string match -q -- \"$deeper*\" \"$words\"; and return 1\n"
    "  end\n"
    "  return 0\n"
    "end\n";
  for (const auto& x : nodes) {
    std::string deeper;
    for (const auto& y : nodes)
      if (y.path.starts_with(x.path + " "))
        deeper += " '" + y.path + "'";
    result += "complete -c datagen -n \"__datagen_at '" + x.path + "'" + deeper + "\" -a '" +
              x.words + "'\n";
  }
  return result;
}

}  // namespace

void add_completion(CLI::App& program, action& run) {
  auto* command = program.add_subcommand("completion", "Print a completion script for a shell");
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh or fish")
    ->required()
    ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&program, &run, shell] {
    run = [&program, shell] {
      std::vector<node> nodes;
      collect(program, "datagen", nodes);
      std::cout << (*shell == "bash"  ? bash_script(nodes)
                    : *shell == "zsh" ? zsh_script(nodes)
                                      : fish_script(nodes));
      return exit_ok;
    };
  });
}

}  // namespace datagen::tools
