import matplotlib.pyplot as plt
import torch

X = torch.tensor([[10.0], [2.0], [11.0], [21.0]])
Y = torch.tensor([[0.9], [0.2], [0.92], [0.987]])
bias, rate = False, 1.0

# X = X / 10   # fix 1
# bias = True  # fix 2
# rate = 5.0   # fix 3

torch.manual_seed(1)
layer = torch.nn.Linear(1, 1, bias=bias)
model = torch.nn.Sequential(layer, torch.nn.Sigmoid())
optimizer = torch.optim.SGD(model.parameters(), lr=rate)
weights, losses = [], []
for _ in range(100):
    loss = (model(X) - Y).pow(2).mean()
    weights.append(layer.weight.item())
    losses.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

plt.subplot(2, 1, 1, ylabel="weight").plot(weights)
plt.subplot(2, 1, 2, ylabel="loss").plot(losses)
plt.savefig("sawtooth.png")
