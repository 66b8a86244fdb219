# The waiting time after each eruption, with the fitted line.
#
# Rscript picture.R ERUPTIONS.csv light|dark PICTURE.svg

arguments <- commandArgs(trailingOnly = TRUE)
eruptions <- read.csv(arguments[1])
dark <- arguments[2] == "dark"
ink <- if (dark) "#e4e6ea" else "#1b1f24"
colours <- if (dark) c("#6cc0f5", "#ff9a52") else c("#0072b2", "#c04a00")

svg(arguments[3], width = 6.5, height = 3, pointsize = 10, bg = "transparent")
par(mar = c(4, 4, 0.5, 0.5), col.axis = ink, col.lab = ink, fg = ink, las = 1)
plot(
  waiting ~ duration, eruptions,
  pch = ifelse(eruptions$long == 1, 16, 1), col = colours[eruptions$long + 1],
  xlab = "length of the eruption (min)", ylab = "time to the next one (min)"
)
abline(lm(waiting ~ duration, eruptions), col = ink)
legend("topleft", c("short", "long"), pch = c(1, 16), col = colours, text.col = ink, bty = "n")
invisible(dev.off())
