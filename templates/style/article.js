// What the page does beyond being read; without scripts everything it shows stays where it is.
