# The eruptions of Old Faithful as a table, and a line fitted to them.
#
# Rscript model.R ERUPTIONS.csv MODEL.json

paths <- commandArgs(trailingOnly = TRUE)
eruptions <- datasets::faithful
names(eruptions) <- c("duration", "waiting")
eruptions$long <- as.integer(eruptions$duration >= 3)
write.csv(eruptions, paths[1], row.names = FALSE, quote = FALSE)

fit <- lm(waiting ~ duration, eruptions)
interval <- confint(fit)
# A number with its interval, as Juchi reads it from a record.
estimate <- function(name) {
  sprintf(
    '{"value": %.10g, "n": %d, "low": %.10g, "high": %.10g}',
    coef(fit)[name], nrow(eruptions), interval[name, 1], interval[name, 2]
  )
}
record <- sprintf(
  '{"slope": %s, "intercept": %s, "explained": %.10g}',
  estimate("duration"), estimate("(Intercept)"), summary(fit)$r.squared
)
writeLines(record, paths[2])
