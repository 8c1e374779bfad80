# Applies one block of the catalogue: perl apply.pl CATALOGUE NUMBER ROOT
# Prints the changed file's path. Exits with 3 when a text does not occur exactly once.
use strict;
use warnings;
my ($catalogue, $number, $root) = @ARGV;
open my $in, '<', $catalogue or die "cannot read $catalogue\n";
my ($seen, $file, $last, @pairs) = (0, '', '');
while (my $line = <$in>) {
  chomp $line;
  $seen++ if $line =~ /^mutant: /;
  next if $seen != $number;
  $file = $1 if $line =~ /^file: (.*)/;
  if ($line =~ /^- (.*)/) {
    push @pairs, [[], []] if $last ne '-';
    push @{$pairs[-1][0]}, $1;
  }
  push @{$pairs[-1][1]}, $1 if $line =~ /^\+ (.*)/;
  $last = substr $line, 0, 1;
}
die "no mutant $number\n" if !$file || !@pairs;
open my $source, '<', "$root/$file" or die "cannot read $root/$file\n";
my $text = do { local $/; <$source> };
for my $pair (@pairs) {
  my $pattern = join '\n[ \t]*', map { quotemeta } @{$pair->[0]};
  my @places = $text =~ /^[ \t]*$pattern$/mg;
  if (@places != 1) {
    print STDERR "found " . @places . " times in $file: $pair->[0][0]\n";
    exit 3;
  }
  my $new = join "\n", @{$pair->[1]};
  $text =~ s/^[ \t]*$pattern$/$new/m;
}
open my $target, '>', "$root/$file" or die "cannot write $root/$file\n";
print $target $text;
print "$file\n";
